package io.tierwise.student.feature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BagFeaturizerTest {
  private final BagFeaturizer featurizer = new BagFeaturizer();

  @Test
  void theBucketsOfKnownTextsNeverChange() {
    // From an implementation of its own, in another language, of what the class describes.
    assertArrayEquals(
        new int[] {
          110669, 83481, 204033, 224334, 159005, 135136, 168824, 197976, 193497, 171892, 251385
        },
        featurizer.featurize("Hi!").buckets());
    assertArrayEquals(
        new int[] {
          79547, 11082, 128429, 230177, 135194, 191746, 225516, 143967, 261257, 200774, 238927,
          214420, 177668, 215082, 238552, 190834, 228677, 216039, 156279
        },
        featurizer.featurize("Où? 東京").buckets());
    assertArrayEquals(new int[] {162275}, featurizer.featurize("").buckets());
  }

  @Test
  void theWeightsOfKnownTextsNeverChange() {
    Bag bag = featurizer.featurize("a a");

    // The word twice; three bigrams once; " a", "a " and " a " twice each.
    assertArrayEquals(
        new int[] {17038, 156553, 216270, 209914, 154239, 161321, 223649}, bag.buckets());
    assertArrayEquals(
        new float[] {
          0.532163f, 0.44002566f, 0.44002566f, 0.44002566f, 0.2128652f, 0.2128652f, 0.2128652f
        },
        bag.weights(),
        1e-7f);
  }

  @Test
  void aWordsOwnBucketIsInTheLowerHalfWhateverStandsAroundIt() {
    assertEquals(featurizer.featurize("parcel").buckets()[0], featurizer.wordBucket("Parcel"));
    assertEquals(
        featurizer.featurize("my parcel, please").buckets()[1], featurizer.wordBucket("parcel"));
    assertTrue(featurizer.wordBucket("parcel") < BagFeaturizer.BUCKETS / 2);
    assertTrue(featurizer.featurize("parcel").buckets()[1] >= BagFeaturizer.BUCKETS / 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "two words", "don't"})
  void whatIsNotOneWordHasNoBucketOfItsOwn(String text) {
    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> featurizer.wordBucket(text));
    assertEquals("word", refused.field());
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
