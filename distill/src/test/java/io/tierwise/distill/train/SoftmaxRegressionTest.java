package io.tierwise.distill.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.router.InvalidValueException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoftmaxRegressionTest {
  private static final SoftmaxRegression.Spec LONG = new SoftmaxRegression.Spec(2000, 8, 0.1f, 0);

  @Test
  void withoutFeaturesItLearnsTheBaseRates() {
    List<float[]> features = IntStream.range(0, 8).mapToObj(i -> new float[] {0}).toList();
    List<float[]> targets =
        IntStream.range(0, 8)
            .mapToObj(i -> i < 6 ? new float[] {1, 0} : new float[] {0, 1})
            .toList();
    SoftmaxRegression fitted = SoftmaxRegression.fit(LONG, features, targets);
    assertArrayEquals(new float[] {0.75f, 0.25f}, fitted.probabilities(new float[] {0}), 1e-3f);
  }

  @Test
  void imitatesSoftTargetsExactlyWhereItCan() {
    List<float[]> features = List.of(new float[] {1, 0}, new float[] {0, 1});
    List<float[]> targets = List.of(new float[] {0.9f, 0.1f}, new float[] {0.3f, 0.7f});
    SoftmaxRegression fitted = SoftmaxRegression.fit(LONG, features, targets);
    assertArrayEquals(targets.get(0), fitted.probabilities(features.get(0)), 1e-3f);
    assertArrayEquals(targets.get(1), fitted.probabilities(features.get(1)), 1e-3f);
  }

  @Test
  void theSameDataGivesTheSameWeights() {
    List<float[]> features = List.of(new float[] {1, 2}, new float[] {3, -1});
    List<float[]> targets = List.of(new float[] {1, 0}, new float[] {0, 1});
    SoftmaxRegression.Spec spec = new SoftmaxRegression.Spec(20, 1, 0.1f, 1e-3f);
    assertArrayEquals(
        SoftmaxRegression.fit(spec, features, targets).weights(),
        SoftmaxRegression.fit(spec, features, targets).weights());
  }

  @Test
  void gradientsOfOneStepDoNotReachIntoTheNext() {
    try (Gradients gradients = new Gradients()) {
      Parameter three = new Parameter(new float[] {3}, 1);
      for (int step = 0; step < 3; step++) {
        Gradients.Slope slope =
            gradients.of((scope, parameters) -> parameters.getFirst().square().sum(), three);
        assertEquals(9, slope.loss());
        assertArrayEquals(new float[] {6}, slope.gradients().getFirst());
      }
      assertTrue(gradients.held() <= 1, gradients.held() + " native arrays are held");
    }
  }

  @Test
  void nothingCannotBeLearnedFrom() {
    assertThrows(
        InvalidValueException.class, () -> SoftmaxRegression.fit(LONG, List.of(), List.of()));
  }
}
