package io.tierwise.distill.win;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.student.feature.Bag;
import io.tierwise.student.win.LinearPart;
import io.tierwise.student.win.PromptFeatures;
import io.tierwise.student.win.WinModel.Reading;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of twelve prompts six have word 0 and are worth 1, six word 1 and are worth 0. */
final class LinearRegressionTest {
  private static Reading reading(int word, double feature) {
    double[] features = new double[PromptFeatures.COUNT];
    features[0] = feature;
    return new Reading(new Bag(new int[] {word}, new float[] {1}), features);
  }

  private static List<Reading> readings(boolean featured) {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      readings.add(reading(featured ? 2 : i % 2, featured ? 7 + i % 2 * 4 : 7));
    }
    return readings;
  }

  private static final double[] TARGETS = {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0};

  /** Each word's weight is Σ(y − ½) / (6 + λ), with λ = 5. */
  @Test
  void aWordsWeightIsItsShrunkenMean() {
    LinearPart part = LinearRegression.fit(readings(false), TARGETS);
    assertEquals(0.5 + 3.0 / 11, part.value(reading(0, 7)), 1e-6);
    assertEquals(0.5 - 3.0 / 11, part.value(reading(1, 7)), 1e-6);
  }

  /** The feature is ±s after scaling, s² = 0.1 / 29: its weight is Σs(y − ½) / (12s² + 5). */
  @Test
  void aFeatureIsMeasuredInDeviationsAndHeldWithinFour() {
    LinearPart part = LinearRegression.fit(readings(true), TARGETS);
    double square = 0.1 / PromptFeatures.COUNT;
    double step = square * 6 / (12 * square + 5);
    assertEquals(0.5 + step, part.value(reading(2, 7)), 1e-6);
    assertEquals(0.5 - step, part.value(reading(2, 11)), 1e-6);
    assertEquals(0.5 - 4 * step, part.value(reading(2, 1e6)), 1e-6);
  }

  /** Without its third, a prompt's word is left with four prompts, and the mean stays. */
  @Test
  void eachThirdIsPredictedFromTheOthers() {
    double[] unseen = LinearRegression.unseen(readings(false), TARGETS);
    double step = 4 * 0.5 / (4 + 5);
    double[] expected = new double[12];
    for (int i = 0; i < 12; i++) {
      expected[i] = i % 2 == 0 ? 0.5 + step : 0.5 - step;
    }
    assertArrayEquals(expected, unseen, 1e-6);
  }
}
