package io.tierwise.student.win;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomFeaturesTest {
  private static final List<float[]> VECTORS =
      List.of(new float[] {1, 0, 0}, new float[] {0, 1, 0}, new float[] {0, 0, 1});

  /** Each lies √(2/3) from the centre, and √2 from the others: exp(−2 / (2 · 2/3)) = exp(−3/2). */
  @Test
  void theirProductsAreAGaussianKernels() {
    RandomFeatures features = RandomFeatures.of(VECTORS, 20_000, 1);
    float[] one = features.of(VECTORS.get(0));
    assertEquals(1, product(one, one), 0.02);
    assertEquals(Math.exp(-1.5), product(one, features.of(VECTORS.get(1))), 0.02);
    assertEquals(0, product(one, features.of(new float[] {9, 9, 9})), 0.02);
  }

  @Test
  void theSameSeedGivesTheSameFeatures() {
    float[] vector = {0.5f, 0.25f, 0};
    assertArrayEquals(
        RandomFeatures.of(VECTORS, 8, 3).of(vector), RandomFeatures.of(VECTORS, 8, 3).of(vector));
  }

  @Test
  void vectorsThatAreAllTheSameHaveFeaturesToo() {
    RandomFeatures features = RandomFeatures.of(List.of(VECTORS.get(0), VECTORS.get(0)), 1000, 1);
    assertEquals(1, product(features.of(VECTORS.get(0)), features.of(VECTORS.get(0))), 0.1);
  }

  @Test
  void refusesWhatNoVectorsHave() {
    for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThrows(
          InvalidValueException.class, () -> new RandomFeatures(new float[3], scale, 8, 1));
    }
    assertThrows(InvalidValueException.class, () -> new RandomFeatures(new float[0], 1, 8, 1));
    assertThrows(InvalidValueException.class, () -> new RandomFeatures(new float[3], 1, 0, 1));
    assertThrows(
        InvalidValueException.class,
        () -> new RandomFeatures(new float[384], 1, Integer.MAX_VALUE, 1));
  }

  private static double product(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
