package io.tierwise.router.confidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ReliabilityTest {
  @Test
  void weighsEachBinsGapByItsCount() {
    Reliability reliability =
        Reliability.of(
            new double[] {0.75, 0.875, 1, 0.25, 0.375},
            new boolean[] {true, true, false, false, true},
            2);
    assertEquals(
        List.of(
            new Reliability.Bin(0, 0.5, 2, 0.3125, 0.5),
            new Reliability.Bin(0.5, 1, 3, 0.875, 2.0 / 3)),
        reliability.bins());
    // (2 · |0.5 − 0.3125| + 3 · |2/3 − 0.875|) / 5
    assertEquals(0.2, reliability.expectedCalibrationError(), 1e-15);
  }

  @Test
  void binsAreOpenBelowAndClosedAboveAndTheFirstHoldsZero() {
    Reliability reliability = Reliability.of(new double[] {0, 0.5, 0.50001, 1}, new boolean[4], 2);
    assertEquals(List.of(2, 2), reliability.bins().stream().map(Reliability.Bin::count).toList());
  }

  @Test
  void emptyBinsAreLeftOut() {
    assertEquals(
        List.of(new Reliability.Bin(0.9, 1, 1, 0.95, 1)),
        Reliability.of(new double[] {0.95}, new boolean[] {true}, 10).bins());
  }

  @Test
  void calibrationLowersTheErrorOfAModelThatIsTooSure() {
    SplittableRandom random = new SplittableRandom(4);
    double[][] logits = TemperatureScalingTest.logits(5_000, 4, 6, random);
    int[] references = TemperatureScalingTest.references(logits, 3, random);
    TemperatureScaling fitted = TemperatureScaling.fit(logits, references);
    double before = error(new TemperatureScaling(1), logits, references);
    double after = error(fitted, logits, references);
    assertTrue(before > 0.15, () -> "before " + before);
    assertTrue(after < 0.02, () -> "after " + after);
  }

  private static double error(Calibrator calibrator, double[][] logits, int[] references) {
    double[] confidences = new double[logits.length];
    boolean[] agreed = new boolean[logits.length];
    for (int row = 0; row < logits.length; row++) {
      confidences[row] = calibrator.confidence(logits[row]).value();
      agreed[row] = Logits.top(logits[row]) == references[row];
    }
    return Reliability.of(confidences, agreed, 15).expectedCalibrationError();
  }

  @Test
  void refusesWhatItCannotBin() {
    assertThrows(
        InvalidValueException.class, () -> Reliability.of(new double[0], new boolean[0], 15));
    assertThrows(
        InvalidValueException.class, () -> Reliability.of(new double[1], new boolean[2], 15));
    assertThrows(
        InvalidValueException.class, () -> Reliability.of(new double[] {1.5}, new boolean[1], 15));
    assertThrows(
        InvalidValueException.class, () -> Reliability.of(new double[1], new boolean[1], 0));
  }
}
