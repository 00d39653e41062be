package io.tierwise.router.confidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class TemperatureScalingTest {
  /** Rows whose references are drawn from softmax(z / temperature): what calibration recovers. */
  static int[] references(double[][] logits, double temperature, SplittableRandom random) {
    TemperatureScaling truth = new TemperatureScaling(temperature);
    return Arrays.stream(logits)
        .mapToInt(row -> {
          double[] probabilities = truth.probabilities(row);
          double left = random.nextDouble();
          int label = 0;
          while (label < row.length - 1 && left >= probabilities[label]) {
            left -= probabilities[label++];
          }
          return label;
        })
        .toArray();
  }

  static double[][] logits(int rows, int labels, double scale, SplittableRandom random) {
    double[][] logits = new double[rows][labels];
    for (double[] row : logits) {
      Arrays.setAll(row, label -> scale * random.nextGaussian());
    }
    return logits;
  }

  @Test
  void dividesLogitsByTheTemperature() {
    double[] logits = {Math.log(16), 0, 0};
    assertArrayEquals(
        new double[] {16 / 18.0, 1 / 18.0, 1 / 18.0},
        new TemperatureScaling(1).probabilities(logits),
        1e-15);
    assertArrayEquals(
        new double[] {4 / 6.0, 1 / 6.0, 1 / 6.0},
        new TemperatureScaling(2).probabilities(logits),
        1e-15);
    assertEquals(2 / 3.0, new TemperatureScaling(2).confidence(logits).value(), 1e-15);
  }

  @Test
  void survivesLogitsThatOverflowAnExponential() {
    TemperatureScaling cold = new TemperatureScaling(0.001);
    assertArrayEquals(new double[] {0, 1}, cold.probabilities(new double[] {-1e6, 1e6}));
    assertEquals(Confidence.FULL, cold.confidence(new double[] {-1e6, 1e6}));
  }

  @Test
  void findsTheMinimumOfTheSmoothedLikelihoodByHand() {
    // Two labels one logit apart, three of four rows right. With one smoothed example in five the
    // target is 4/5 · 3/4 + 1/5 · 1/2 = 0.7, met where the logistic of 1/T is 0.7.
    double[][] logits = {{1, 0}, {1, 0}, {1, 0}, {1, 0}};
    TemperatureScaling fitted = TemperatureScaling.fit(logits, new int[] {0, 0, 0, 1});
    assertEquals(1 / Math.log(0.7 / 0.3), fitted.temperature(), 1e-12);
    assertEquals(0.7, fitted.confidence(logits[0]).value(), 1e-12);
  }

  @Test
  void recoversTheTemperatureThatTheReferencesWereDrawnAt() {
    for (double truth : new double[] {0.5, 1, 2.5}) {
      SplittableRandom random = new SplittableRandom(3);
      double[][] logits = logits(20_000, 5, 3, random);
      int[] references = references(logits, truth, random);
      double fitted = TemperatureScaling.fit(logits, references).temperature();
      assertEquals(truth, fitted, 0.03 * truth);
    }
  }

  @Test
  void aPerfectModelGetsAFiniteTemperatureAndIsAsSureAsItsSampleAllows() {
    double[][] logits = new double[99][];
    Arrays.fill(logits, new double[] {2, 0});
    TemperatureScaling fitted = TemperatureScaling.fit(logits, new int[99]);
    // 99 right and one that is either: 99.5 of 100
    assertEquals(0.995, fitted.confidence(logits[0]).value(), 1e-12);
  }

  @Test
  void aModelThatIsWrongOnEveryRowGetsTheHighestTemperature() {
    double[][] logits = {{2, 0}, {3, 0}, {1, 0}};
    assertEquals(1e3, TemperatureScaling.fit(logits, new int[] {1, 1, 1}).temperature(), 1e-9);
  }

  @Test
  void logitsThatSayNothingLeaveTheTemperatureAtOne() {
    double[][] logits = {{3, 3}, {0, 0}};
    assertEquals(new TemperatureScaling(1), TemperatureScaling.fit(logits, new int[] {0, 1}));
  }

  @Test
  void theSameRowsGiveTheSameBits() {
    SplittableRandom random = new SplittableRandom(5);
    double[][] logits = logits(500, 4, 2, random);
    int[] references = references(logits, 1.7, random);
    assertEquals(
        TemperatureScaling.fit(logits, references), TemperatureScaling.fit(logits, references));
  }

  @Test
  void refusesRowsItCannotFit() {
    assertEquals("logits", trouble(new double[0][], new int[0]));
    assertEquals("references", trouble(new double[][] {{1, 0}}, new int[0]));
    assertEquals("references[0]", trouble(new double[][] {{1, 0}}, new int[] {2}));
    assertEquals("references[0]", trouble(new double[][] {{1, 0}}, new int[] {-1}));
    assertEquals("logits[1]", trouble(new double[][] {{1, 0}, {1}}, new int[] {0, 0}));
    assertEquals("logits[0]", trouble(new double[][] {{1, Double.NaN}}, new int[] {0}));
    for (double temperature : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(InvalidValueException.class, () -> new TemperatureScaling(temperature));
    }
    TemperatureScaling one = new TemperatureScaling(1);
    assertThrows(InvalidValueException.class, () -> one.confidence(new double[0]));
    assertThrows(
        InvalidValueException.class,
        () -> one.probabilities(new double[] {1, Double.NEGATIVE_INFINITY}));
  }

  private static String trouble(double[][] logits, int[] references) {
    return assertThrows(
            InvalidValueException.class, () -> TemperatureScaling.fit(logits, references))
        .field();
  }

  @Property
  void probabilitiesAddUpAndKeepTheOrderOfTheLogits(
      @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -50, max = 50) Double> logits,
      @ForAll @DoubleRange(min = 0.01, max = 100) @Scale(3) double temperature) {
    double[] row = logits.stream().mapToDouble(Double::doubleValue).toArray();
    TemperatureScaling scaling = new TemperatureScaling(temperature);
    double[] probabilities = scaling.probabilities(row);
    assertEquals(1, Arrays.stream(probabilities).sum(), 1e-12);
    for (int i = 1; i < row.length; i++) {
      assertTrue((row[i] - row[i - 1]) * (probabilities[i] - probabilities[i - 1]) >= 0);
    }
    assertEquals(Arrays.stream(probabilities).max().orElseThrow(), scaling.confidence(row).value());
  }
}
