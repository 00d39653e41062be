package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.tierwise.student.feature.Bag;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordVectorsTest {
  private final WordVectors words =
      new WordVectors(2, Map.of(5, new float[] {1, -1}, 9, new float[] {0.5f, 2}));

  @Test
  void sumsTheVectorsOfATextsWordsByWeight() {
    Bag bag = new Bag(new int[] {9, 100, 5}, new float[] {0.8f, 0.5f, 0.25f});

    assertArrayEquals(new float[] {0.8f * 0.5f + 0.25f, 1.6f - 0.25f}, words.sum(bag), 1e-6f);
  }

  @Test
  void aTextWithoutKnownWordsSumsToNothing() {
    Bag bag = new Bag(new int[] {1, 2}, new float[] {0.6f, 0.8f});

    assertArrayEquals(new float[] {0, 0}, words.sum(bag));
  }
}
