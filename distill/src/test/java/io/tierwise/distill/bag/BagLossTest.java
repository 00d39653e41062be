package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.distill.bag.BagTrainer.Lessons;
import io.tierwise.distill.train.Gradients;
import io.tierwise.distill.train.Gradients.Slope;
import io.tierwise.student.feature.Bag;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BagLossTest {
  private static final int WIDTH = 2;
  private static final int CLASSES = 3;
  private static final int[] TOUCHED = {5, 9, 40};
  private static final int[] BOTH = {0, 1};
  private static final Lessons LESSONS =
      new Lessons(
          List.of(
              new Bag(new int[] {9, 5}, new float[] {0.8f, 0.6f}),
              new Bag(new int[] {40}, new float[] {1})),
          new float[][] {{0.5f, -1, 0.25f}, {0, 2, 1}},
          new float[][] {{1, 0, 0}, {0, 0, 1}},
          new float[][] {{0.7f, 0.2f, 0.1f}, {0.05f, 0.15f, 0.8f}});

  private final float[] table = gaussian(TOUCHED.length * WIDTH, 1);
  private final BagMember.Dense dense =
      new BagMember.Dense(
          gaussian(3 * WIDTH, 2), gaussian(WIDTH * CLASSES, 3), gaussian(CLASSES, 4));

  @Test
  void equalLogitsLoseTheLogarithmOfTheClasses() {
    BagMember.Dense nothing =
        new BagMember.Dense(new float[3 * WIDTH], new float[WIDTH * CLASSES], new float[CLASSES]);

    // (1 − α) ln 3 + α T² ln 3, at α = 0.3 and T = 2.
    assertEquals(
        (0.7 + 0.3 * 4) * Math.log(3),
        slope(0.3f, 2, new float[table.length], nothing).loss(),
        1e-6);
  }

  @Test
  void oneTextLosesWhatTheFormulaSays() {
    BagMember.Dense bias =
        new BagMember.Dense(
            new float[3 * WIDTH], new float[WIDTH * CLASSES], new float[] {2, 1, 0});
    Slope slope;
    try (Gradients gradients = new Gradients()) {
      slope =
          new BagLoss(LESSONS, 0.25f, 2)
              .slope(gradients, new int[] {0}, new int[] {5, 9}, new float[2 * WIDTH], bias);
    }

    // Hard: −ln softmax(2, 1, 0)₁ = 0.4076060. Soft at T = 2: softmax(1, .5, 0) has logarithms
    // −0.6802697, −1.1802697, −1.6802697, and √(.7, .2, .1) over their sum is .5228794, .2794908,
    // .1976298: a cross-entropy of 1.0176449. Together 0.75 · hard + 0.25 · 4 · soft.
    assertEquals(0.75 * 0.4076060 + 1.0176449, slope.loss(), 1e-5);
  }

  @Test
  void theLossIsThatOfAnIndependentComputation() {
    assertEquals(loss(0.3, 2, table, dense), slope(0.3f, 2, table, dense).loss(), 1e-5);
    assertEquals(loss(0, 1, table, dense), slope(0, 1, table, dense).loss(), 1e-5);
    assertEquals(loss(1, 0.5, table, dense), slope(1, 0.5f, table, dense).loss(), 1e-5);
  }

  @Test
  void everyGradientIsWhatFiniteDifferencesGive() {
    Slope slope = slope(0.3f, 2, table, dense);

    assertDifferences(table, slope.gradients().get(0));
    assertDifferences(dense.projection(), slope.gradients().get(1));
    assertDifferences(dense.head(), slope.gradients().get(2));
    assertDifferences(dense.bias(), slope.gradients().get(3));
  }

  private void assertDifferences(float[] parameters, float[] gradient) {
    assertEquals(parameters.length, gradient.length);
    float step = 1e-3f;
    for (int i = 0; i < parameters.length; i++) {
      float kept = parameters[i];
      parameters[i] = kept + step;
      double above = loss(0.3, 2, table, dense);
      parameters[i] = kept - step;
      double below = loss(0.3, 2, table, dense);
      parameters[i] = kept;
      assertEquals((above - below) / (2 * step), gradient[i], 1e-4, "cell " + i);
    }
  }

  private static Slope slope(
      float softShare, float temperature, float[] table, BagMember.Dense dense) {
    try (Gradients gradients = new Gradients()) {
      return new BagLoss(LESSONS, softShare, temperature)
          .slope(gradients, BOTH, TOUCHED, table, dense);
    }
  }

  /** In doubles, text by text, without an engine. */
  private static double loss(
      double softShare, double temperature, float[] table, BagMember.Dense dense) {
    double sum = 0;
    for (int text : BOTH) {
      double[] logits = logits(text, table, dense);
      sum +=
          (1 - softShare) * crossEntropy(LESSONS.hard()[text], 1, logits)
              + softShare
                  * temperature
                  * temperature
                  * crossEntropy(LESSONS.soft()[text], temperature, logits);
    }
    return sum / BOTH.length;
  }

  private static double[] logits(int text, float[] table, BagMember.Dense dense) {
    Bag bag = LESSONS.bags().get(text);
    double[] logits = new double[CLASSES];
    for (int d = 0; d < WIDTH; d++) {
      double hidden = 0;
      for (int j = 0; j < bag.size(); j++) {
        int row = Arrays.binarySearch(TOUCHED, bag.buckets()[j]);
        hidden += bag.weights()[j] * table[row * WIDTH + d];
      }
      for (int i = 0; i < 3; i++) {
        hidden += LESSONS.words()[text][i] * dense.projection()[i * WIDTH + d];
      }
      for (int k = 0; k < CLASSES; k++) {
        logits[k] += hidden * dense.head()[d * CLASSES + k];
      }
    }
    for (int k = 0; k < CLASSES; k++) {
      logits[k] += dense.bias()[k];
    }
    return logits;
  }

  private static double crossEntropy(float[] target, double temperature, double[] logits) {
    double raised = 0;
    double partition = 0;
    for (int k = 0; k < CLASSES; k++) {
      raised += Math.pow(target[k], 1 / temperature);
      partition += Math.exp(logits[k] / temperature);
    }
    double entropy = 0;
    for (int k = 0; k < CLASSES; k++) {
      double share = Math.pow(target[k], 1 / temperature) / raised;
      entropy -= share * (logits[k] / temperature - Math.log(partition));
    }
    return entropy;
  }

  private static float[] gaussian(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
