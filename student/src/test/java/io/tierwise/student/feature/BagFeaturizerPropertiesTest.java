package io.tierwise.student.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.text.Normalizer;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BagFeaturizerPropertiesTest {
  private final BagFeaturizer featurizer = new BagFeaturizer();

  @Property
  void theSameTextAlwaysHasTheSameBag(@ForAll("texts") String text) {
    assertEquals(featurizer.featurize(text), new BagFeaturizer().featurize(text));
  }

  @Property
  void composedAndDecomposedTextsHaveTheSameBag(@ForAll("texts") String text) {
    assertEquals(
        featurizer.featurize(Normalizer.normalize(text, Normalizer.Form.NFC)),
        featurizer.featurize(Normalizer.normalize(text, Normalizer.Form.NFD)));
  }

  @Property
  void theWeightsHaveNormOneAndAreAboveZero(@ForAll("texts") String text) {
    double squares = 0;
    for (float weight : featurizer.featurize(text).weights()) {
      assertTrue(weight > 0);
      squares += (double) weight * weight;
    }
    assertEquals(1, squares, 1e-5);
  }

  @Property
  void everyBucketIsInRangeAndThereOnce(@ForAll("texts") String text) {
    Bag bag = featurizer.featurize(text);

    assertEquals(bag.size(), bag.weights().length);
    assertEquals(bag.size(), Arrays.stream(bag.buckets()).distinct().count());
    assertTrue(Arrays.stream(bag.buckets()).allMatch(b -> b >= 0 && b < BagFeaturizer.BUCKETS));
  }

  /** Any chars at all, unpaired surrogates among them, and texts as people write them. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(200),
        Arbitraries.strings().withChars("aäéßİıſﬁ 한글हि!👍\u200d\u0301\ud800\udc00").ofMaxLength(60),
        Arbitraries.strings().alpha().withChars(' ', '\'', '.').ofMaxLength(120));
  }
}
