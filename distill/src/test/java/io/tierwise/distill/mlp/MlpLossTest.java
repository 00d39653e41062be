package io.tierwise.distill.mlp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.distill.train.Gradients;
import io.tierwise.distill.train.Gradients.Slope;
import java.util.List;
import org.junit.jupiter.api.Test;

class MlpLossTest {
  @Test
  void losesWhatTheFormulaSays() {
    // Input (1, 2); hidden ReLU(1·1 + 2·(−1), 1·0.5 + 2·0.25) = (0, 1); logits (2, 0) · 1 + (0, 1).
    Mlp mlp =
        new Mlp(
            List.of(
                new Dense(2, new float[] {1, 0.5f, -1, 0.25f}, new float[2], true),
                new Dense(2, new float[] {9, 9, 2, 0}, new float[] {0, 1}, false)));
    MlpLoss loss = MlpLoss.toLabels(new float[][] {{1, 2}}, new float[][] {{0.25f, 0.75f}});

    // Logits (2, 1): −0.25 ln 0.7310586 − 0.75 ln 0.2689414.
    Slope slope = slope(loss, mlp, 0);
    assertEquals(0.25 * 0.3132617 + 0.75 * 1.3132617, slope.loss(), 1e-6);
    assertArrayEquals(new float[] {0.4810586f, -0.4810586f}, slope.gradients().get(3), 1e-6f);
    // The first hidden unit is off, so nothing goes back through it.
    assertArrayEquals(
        new float[] {0, 0.9621172f, 0, 1.9242343f}, slope.gradients().getFirst(), 1e-6f);
  }

  @Test
  void aBatchsLossIsTheMeanOfItsShardsLosses() {
    MlpLoss whole = Blobs.random(9, 4, 3);
    Mlp weights = Blobs.weights(4, 6, 3);

    Slope all = slope(whole, weights, 0, 1, 2, 3, 4, 5);
    Slope even = slope(whole.shard(new int[] {0, 2, 4}), weights, 0, 1, 2);
    Slope odd = slope(whole.shard(new int[] {5, 3, 1}), weights, 2, 1, 0);

    assertEquals(all.loss(), (even.loss() + odd.loss()) / 2, 1e-6);
    float[] mean = even.gradients().getFirst().clone();
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (mean[i] + odd.gradients().getFirst()[i]) / 2;
    }
    assertArrayEquals(all.gradients().getFirst(), mean, 1e-6f);
  }

  @Test
  void weighsTheTeacherByItsShareAndTheSquareOfItsTemperature() {
    Mlp mlp = new Mlp(List.of(new Dense(1, new float[] {2, 0}, new float[2], false)));
    MlpLoss loss =
        new MlpLoss(
            new float[][] {{1}}, new float[][] {{1, 0}}, new float[][] {{0.5f, 0.5f}}, 0.25f, 2);

    // Logits (2, 0) to the label: ln(1 + e⁻²). At temperature 2 (1, 0) to halves: ½ (0.31 + 1.31).
    assertEquals(
        0.75 * 0.1269280 + 0.25 * 4 * 0.5 * (0.3132617 + 1.3132617),
        slope(loss, mlp, 0).loss(),
        1e-6);
  }

  private static Slope slope(MlpLoss loss, Mlp mlp, int... batch) {
    try (Gradients gradients = new Gradients()) {
      return loss.slope(gradients, mlp, batch);
    }
  }
}
