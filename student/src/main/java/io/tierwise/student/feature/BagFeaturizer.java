package io.tierwise.student.feature;

import io.tierwise.router.InvalidValueException;

/**
 * Turns a text into a bag of hashed features: its words, its word bigrams (the text's beginning and
 * end count as words), and the character n-grams of 2 to 4 code points of each word with one blank
 * either side, symbols excepted. One class for training and for serving; stateless and thread-safe.
 *
 * <p>Every feature is a run of the UTF-8 bytes of {@link WordBytes}, hashed with a seed of its
 * family: words into the lower half of the {@link #BUCKETS}, the others into the upper. There is no
 * sign hash: with so many buckets two features of one text share one rarely, and the table learns
 * around the rest.
 *
 * <p>Anything that changes a bag changes {@link #VERSION}: an artifact trained on other bags must
 * refuse to load.
 */
public final class BagFeaturizer {
  public static final int BUCKETS = 1 << 18;
  public static final String VERSION = "bag/1";

  private static final int SHORTEST_GRAM = 2;
  private static final int LONGEST_GRAM = 4;

  /**
   * Never throws: an unpaired surrogate is one more symbol, and a text without words is its two
   * ends.
   */
  public Bag featurize(String text) {
    WordBytes words = WordBytes.of(text);
    BucketCounts counts = new BucketCounts(mostFeatures(words));
    addWords(words, counts);
    addBigrams(words, counts);
    addGrams(words, counts);
    return Weighting.weigh(counts);
  }

  /**
   * The bucket of a word's own feature, whatever the text around it.
   *
   * @param word one word, as the featurizer splits texts
   */
  public int wordBucket(String word) {
    WordBytes words = WordBytes.of(word);
    if (words.count() != 1) {
      throw new InvalidValueException("word", "'" + word + "' is not one word", "give one word");
    }
    return bucket(Family.WORD, words, words.begin(0), words.end(0));
  }

  private static int mostFeatures(WordBytes words) {
    return 2 * words.count() + 1 + (LONGEST_GRAM - SHORTEST_GRAM + 1) * words.codePoints();
  }

  private static void addWords(WordBytes words, BucketCounts counts) {
    for (int word = 0; word < words.count(); word++) {
      counts.add(bucket(Family.WORD, words, words.begin(word), words.end(word)), Family.WORD);
    }
  }

  private static void addBigrams(WordBytes words, BucketCounts counts) {
    for (int word = -1; word < words.count(); word++) {
      int begin = words.begin(word);
      counts.add(bucket(Family.BIGRAM, words, begin, words.end(word + 1)), Family.BIGRAM);
    }
  }

  private static void addGrams(WordBytes words, BucketCounts counts) {
    for (int word = 0; word < words.count(); word++) {
      if (!words.isSymbol(word)) {
        addGrams(words, words.begin(word) - 1, words.end(word) + 1, counts);
      }
    }
  }

  private static void addGrams(WordBytes words, int begin, int end, BucketCounts counts) {
    for (int gram = SHORTEST_GRAM; gram <= LONGEST_GRAM; gram++) {
      for (int from = begin; from + gram <= end; from++) {
        counts.add(bucket(Family.GRAM, words, from, from + gram), Family.GRAM);
      }
    }
  }

  /**
   * Words have the lower half to themselves: their rows begin with a meaning, others' with none.
   */
  private static int bucket(Family family, WordBytes words, int from, int to) {
    int half = BUCKETS / 2;
    int place = words.hash(from, to, family.seed()) & half - 1;
    return family == Family.WORD ? place : half + place;
  }
}
