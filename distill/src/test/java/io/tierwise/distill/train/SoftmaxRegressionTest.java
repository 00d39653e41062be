package io.tierwise.distill.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.distill.train.Gradients.Slope;
import io.tierwise.router.InvalidValueException;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SoftmaxRegressionTest {
  private static final SoftmaxRegression.Spec THOROUGH =
      new SoftmaxRegression.Spec(1, 1500, 100, 0.05f, 0.1f);
  private static final List<float[]> TWO_POINTS = List.of(new float[] {1}, new float[] {-1});
  private static final List<float[]> TWO_LABELS = List.of(new float[] {1, 0}, new float[] {0, 1});

  @Test
  void findsTheOptimumOfTwoPoints() {
    SoftmaxRegression fitted = SoftmaxRegression.fit(THOROUGH, TWO_POINTS, TWO_LABELS);

    // By symmetry W = (w, −w) and b = 0. The loss ln(1 + e^(−2w)) + λw² is least where
    // 1 / (1 + e^(2w)) = λw; with λ = 0.1 that is w = 1.0640173.
    assertArrayEquals(new float[] {1.0640173f, -1.0640173f}, fitted.weights(), 1e-4f);
    assertArrayEquals(new float[] {0, 0}, fitted.bias(), 1e-4f);
    assertEquals(
        1 / (1 + Math.exp(-2 * 1.0640173)), fitted.probabilities(new float[] {1})[0], 1e-4);
  }

  @Test
  void theGradientIsZeroAtTheOptimum() {
    List<float[]> features =
        List.of(new float[] {1, 0.5f}, new float[] {-1, 2}, new float[] {0.3f, -1});
    List<float[]> targets =
        List.of(new float[] {0.7f, 0.2f, 0.1f}, new float[] {0, 1, 0}, new float[] {0.1f, 0, 0.9f});

    SoftmaxRegression fitted = SoftmaxRegression.fit(THOROUGH, features, targets);

    try (Gradients gradients = new Gradients()) {
      Slope slope =
          fitted.slope(
              gradients,
              features.toArray(float[][]::new),
              targets.toArray(float[][]::new),
              THOROUGH.penalty());
      assertArrayEquals(new float[6], slope.gradients().get(0), 1e-4f);
      assertArrayEquals(new float[3], slope.gradients().get(1), 1e-4f);
    }
  }

  @Test
  void withoutFeaturesItLearnsTheBaseRates() {
    List<float[]> features = IntStream.range(0, 8).mapToObj(i -> new float[] {0}).toList();
    List<float[]> targets =
        IntStream.range(0, 8).mapToObj(i -> TWO_LABELS.get(i < 6 ? 0 : 1)).toList();

    SoftmaxRegression fitted = SoftmaxRegression.fit(THOROUGH, features, targets);

    assertArrayEquals(new float[] {0.75f, 0.25f}, fitted.probabilities(new float[] {0}), 1e-3f);
  }

  @Test
  void imitatesSoftTargetsExactlyWhereItCan() {
    List<float[]> targets = List.of(new float[] {0.9f, 0.1f}, new float[] {0.3f, 0.7f});
    SoftmaxRegression.Spec free = new SoftmaxRegression.Spec(1, 1500, 100, 0.05f, 0);

    SoftmaxRegression fitted = SoftmaxRegression.fit(free, TWO_POINTS, targets);

    assertArrayEquals(targets.get(0), fitted.probabilities(TWO_POINTS.get(0)), 1e-3f);
    assertArrayEquals(targets.get(1), fitted.probabilities(TWO_POINTS.get(1)), 1e-3f);
  }

  @Test
  void examplesSortedByLabelAreLearntInBatchesToo() {
    List<float[]> features =
        List.of(new float[] {1}, new float[] {1}, new float[] {-1}, new float[] {-1});
    List<float[]> targets =
        List.of(new float[] {1, 0}, new float[] {1, 0}, new float[] {0, 1}, new float[] {0, 1});
    SoftmaxRegression.Spec halves = new SoftmaxRegression.Spec(1, 1500, 2, 0.05f, 0.1f);

    SoftmaxRegression fitted = SoftmaxRegression.fit(halves, features, targets);

    assertArrayEquals(new float[] {1.0640173f, -1.0640173f}, fitted.weights(), 1e-3f);
    assertArrayEquals(new float[] {0, 0}, fitted.bias(), 1e-3f);
  }

  @Test
  void theSameExamplesGiveTheSameBits() {
    SoftmaxRegression.Spec spec = new SoftmaxRegression.Spec(20, 20, 2, 0.1f, 1e-4f);

    SoftmaxRegression once = SoftmaxRegression.fit(spec, TWO_POINTS, TWO_LABELS);
    SoftmaxRegression again = SoftmaxRegression.fit(spec, TWO_POINTS, TWO_LABELS);

    assertArrayEquals(once.weights(), again.weights());
    assertArrayEquals(once.bias(), again.bias());
  }

  @Provide
  Arbitrary<float[]> weights() {
    return Arbitraries.floats().between(-100, 100).array(float[].class).ofSize(12);
  }

  @Provide
  Arbitrary<float[]> features() {
    return Arbitraries.floats().between(-100, 100).array(float[].class).ofSize(3);
  }

  @Property(tries = 200)
  void probabilitiesSumToOne(
      @ForAll("weights") float[] weights, @ForAll("features") float[] features) {
    float[] probabilities =
        new SoftmaxRegression(weights, new float[] {1, 2, 3, 4}).probabilities(features);

    double sum = 0;
    for (float probability : probabilities) {
      sum += probability;
    }
    assertEquals(1, sum, 1e-6);
  }

  @Test
  void refusesToLearnFromNothing() {
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> SoftmaxRegression.fit(THOROUGH, List.of(), List.of()));

    assertEquals("examples: there are none; give at least one", refused.getMessage());
  }
}
