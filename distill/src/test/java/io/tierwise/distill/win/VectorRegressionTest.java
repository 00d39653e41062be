package io.tierwise.distill.win;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VectorRegressionTest {
  /** Around (3, 0), squares 2 each way and a mean squared distance of 1. */
  private static final List<float[]> VECTORS =
      List.of(new float[] {4, 0}, new float[] {2, 0}, new float[] {3, 1}, new float[] {3, -1});

  @Test
  void withoutAPenaltyItIsTheLineThroughThePoints() {
    double[][] targets = {{8, 1}, {4, 1}, {7, 1}, {5, 1}}; // 2x + y, and always 1

    VectorRegression fitted = VectorRegression.fit(VECTORS, targets, 0);

    assertArrayEquals(new float[] {2, 1, 0, 0}, fitted.weights(), 1e-6f);
    assertArrayEquals(new float[] {0, 1}, fitted.intercepts(), 1e-6f);
  }

  @Test
  void thePenaltyCountsInMeanSquaredDistances() {
    double[][] targets = {{8}, {4}, {7}, {5}};

    VectorRegression fitted = VectorRegression.fit(VECTORS, targets, 2);

    // 2/(2 + 2·1) of each weight is left, and the mean of 6 stays the value at the mean vector.
    assertArrayEquals(new float[] {1, 0.5f}, fitted.weights(), 1e-6f);
    assertArrayEquals(new float[] {3}, fitted.intercepts(), 1e-6f);
  }

  @Test
  void theUnitOfVectorsDoesNotMatter() {
    double[][] targets = {{8}, {4}, {7}, {5}};
    List<float[]> tenfold =
        VECTORS.stream().map(each -> new float[] {10 * each[0], 10 * each[1]}).toList();

    VectorRegression fitted = VectorRegression.fit(tenfold, targets, 2);

    assertArrayEquals(new float[] {0.1f, 0.05f}, fitted.weights(), 1e-6f);
    assertArrayEquals(new float[] {3}, fitted.intercepts(), 1e-6f);
  }

  @Test
  void vectorsThatAreAllTheSameSayNothing() {
    VectorRegression fitted =
        VectorRegression.fit(
            List.of(new float[] {1}, new float[] {1}), new double[][] {{0}, {1}}, 3);

    assertArrayEquals(new float[] {0}, fitted.weights());
    assertArrayEquals(new float[] {0.5f}, fitted.intercepts());
  }

  @Test
  void refusesVectorsThatAreNotFinite() {
    List<float[]> vectors = List.of(new float[] {Float.NaN}, new float[] {1});

    assertThrows(
        InvalidValueException.class,
        () -> VectorRegression.fit(vectors, new double[][] {{0}, {1}}, 1));
  }
}
