package io.tierwise.student.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.BagFeaturizer;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SentenceEncoderTest {
  private static SentenceEncoder encoder;

  @BeforeAll
  static void load() throws IOException {
    encoder = SentenceEncoder.bgeSmall(2);
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void aVectorHas384NumbersAndLengthOne() {
    float[] vector = encoder.encode("Where is my parcel?");

    assertEquals(384, encoder.dimensions());
    assertEquals(384, vector.length);
    assertEquals(1, dot(vector, vector), 1e-6);
  }

  @Test
  void textsOfLikeMeaningLieCloserThanOthers() {
    float[] parcel = encoder.encode("Where is my parcel?");

    double like = dot(parcel, encoder.encode("My package has not arrived yet"));
    double other = dot(parcel, encoder.encode("The cat sat in the sun"));

    assertTrue(like > other + 0.15, like + " against " + other);
  }

  @Test
  void theMiddleOfTheNetworkGivesAnotherVectorOfLengthOne() throws IOException {
    try (SentenceEncoder middle = SentenceEncoder.bgeSmallMiddle(1)) {
      float[] vector = middle.encode("Where is my parcel?");

      assertEquals("bge-small-en-v15-q/1#layer8/1", middle.name());
      assertEquals(384, vector.length);
      assertEquals(1, dot(vector, vector), 1e-6);
      assertTrue(dot(vector, encoder.encode("Where is my parcel?")) < 0.9);
      List<float[]> both = middle.encode(List.of("Where is my parcel?", "Cats sleep"));
      assertArrayEquals(vector, both.getFirst());
    }
  }

  @Test
  void aTextsVectorDoesNotDependOnItsNeighbours() {
    List<String> texts =
        List.of("short", "a text that is a good deal longer than its neighbour", "");

    List<float[]> together = encoder.encode(texts);

    for (int i = 0; i < texts.size(); i++) {
      assertArrayEquals(encoder.encode(texts.get(i)), together.get(i), texts.get(i));
    }
  }

  @Test
  void aBatchIsNearToWhatItsTextsAreAlone() {
    List<String> texts =
        IntStream.range(0, 70).mapToObj(i -> "parcel " + "lost ".repeat(i % 4) + i).toList();

    List<float[]> together = encoder.encodeTogether(texts);

    assertEquals(70, together.size());
    for (int i = 0; i < texts.size(); i++) {
      assertEquals(1, dot(together.get(i), together.get(i)), 1e-6);
      assertTrue(dot(together.get(i), encoder.encode(texts.get(i))) > 0.97, texts.get(i));
    }
    assertEquals(List.of(), encoder.encodeTogether(List.of()));
  }

  @Test
  void countsTokensWithTheTwoThatFrameThem() {
    assertEquals(2, encoder.tokens(""));
    assertEquals(4, encoder.tokens("hello world"));
    assertEquals(6, encoder.tokens("Where is it?"));
  }

  @Test
  void everyWordOfTheVocabularyIsOneWordToTheBag() throws IOException {
    BagFeaturizer featurizer = new BagFeaturizer();

    List<String> vocabulary = encoder.vocabulary();

    assertTrue(vocabulary.containsAll(List.of("money", "delivery", "7")));
    for (String word : vocabulary) {
      int bucket = featurizer.wordBucket(word);
      assertTrue(bucket < BagFeaturizer.BUCKETS / 2, word);
    }
  }

  @Test
  void readsNoMoreThan512Tokens() {
    String long1 = "word ".repeat(510) + "cat";
    String long2 = "word ".repeat(510) + "dog";

    assertEquals(512, encoder.tokens(long1));
    assertArrayEquals(encoder.encode(long1), encoder.encode(long2));
  }

  @Test
  void refusesEveryTextAfterItIsClosed() throws IOException {
    SentenceEncoder closed = SentenceEncoder.bgeSmall(1);
    closed.close();

    assertThrows(IllegalStateException.class, () -> closed.encode("hello"));
    assertThrows(IllegalStateException.class, () -> closed.tokens("hello"));
  }

  @Test
  void refusesToHaveNoThread() {
    assertThrows(InvalidValueException.class, () -> SentenceEncoder.bgeSmall(0));
  }

  private static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
