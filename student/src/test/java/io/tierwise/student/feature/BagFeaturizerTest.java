package io.tierwise.student.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BagFeaturizerTest {
  private final BagFeaturizer featurizer = new BagFeaturizer();

  @Test
  void theBucketsOfKnownTextsNeverChange() {
    // From an implementation of its own, in another language, of what the class describes.
    assertArrayEquals(
        new int[] {
          110669, 214553, 72961, 224334, 27933, 4064, 168824, 197976, 193497, 171892, 120313
        },
        featurizer.featurize("Hi!").buckets());
    assertArrayEquals(
        new int[] {
          210619, 11082, 259501, 230177, 135194, 60674, 94444, 143967, 261257, 69702, 238927,
          214420, 46596, 84010, 238552, 190834, 228677, 216039, 156279
        },
        featurizer.featurize("Où? 東京").buckets());
    assertArrayEquals(new int[] {31203}, featurizer.featurize("").buckets());
  }

  @Test
  void theWeightsOfKnownTextsNeverChange() {
    Bag bag = featurizer.featurize("a a");

    // The word twice; three bigrams once; " a", "a " and " a " twice each.
    assertArrayEquals(
        new int[] {148110, 25481, 85198, 78842, 154239, 30249, 223649}, bag.buckets());
    assertArrayEquals(
        new float[] {
          0.532163f, 0.44002566f, 0.44002566f, 0.44002566f, 0.2128652f, 0.2128652f, 0.2128652f
        },
        bag.weights(),
        1e-7f);
  }

  @ParameterizedTest
  @CsvSource({
    "Where is my ORDER, where is my order",
    "'  where\tis \n my order ', where is my order",
    "ｆｕｌｌ ｗｉｄｔｈ, full width",
    "ﬁne, fine",
    "Ⅷ, viii",
    "naïve cafe\u0301, naïve café",
    "soft\u00adhyphen, softhyphen",
    "zero\u200bwidth, zerowidth",
    "\ufeffbyte order, byte order",
    "STRASSE, strasse"
  })
  void textsThatReadTheSameHaveTheSameBag(String one, String other) {
    assertEquals(featurizer.featurize(other), featurizer.featurize(one));
  }

  @ParameterizedTest
  @CsvSource({"I paid, I paid?", "is it, it is", "don't, dont", "order 12, order 21", "कि, क"})
  void textsThatReadOtherwiseHaveAnotherBag(String one, String other) {
    assertNotEquals(featurizer.featurize(other), featurizer.featurize(one));
  }

  @Test
  void aMarkStaysWithItsLetterSoAHindiWordIsOneWord() {
    // One word, two bigrams; " हिन्दी " has 8 code points: 7 + 6 + 5 n-grams.
    assertEquals(1 + 2 + 18, featurizer.featurize("हिन्दी").size());
  }

  @Test
  void aSymbolIsAWordWithoutNgrams() {
    // The words a and !, three bigrams, and the n-grams of " a ": 2 + 1.
    assertEquals(2 + 3 + 3, featurizer.featurize("a!").size());
  }

  @Test
  void aTextOfTheLargestSizeIsRead() {
    String text = "word ".repeat(6_554);

    assertEquals(1 + 3 + 5 + 4 + 3, featurizer.featurize(text).size());
  }
}
