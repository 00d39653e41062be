package io.tierwise.distill.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AdamTest {
  @Test
  void theFirstStepIsTheRateWhateverTheGradientsSize() {
    float[] parameters = {1, 2, 3};

    new Adam(3).step(parameters, new float[] {1000, -0.001f, 0}, 0.25f);

    assertArrayEquals(new float[] {0.75f, 2.25f, 3}, parameters, 1e-5f);
  }

  @Test
  void theSecondStepFollowsThePapersFormula() {
    float[] parameters = {0};
    Adam adam = new Adam(1);

    adam.step(parameters, new float[] {1}, 0.1f);
    adam.step(parameters, new float[] {-2}, 0.1f);

    // m = (0.9 · 0.1 · 1 − 0.1 · 2) / (1 − 0.81); v = (0.999 · 0.001 + 0.001 · 4) / (1 − 0.998001).
    double mean = -0.11 / 0.19;
    double square = 0.004999 / 0.001999;
    assertEquals(-0.1 - 0.1 * mean / Math.sqrt(square), parameters[0], 1e-5);
  }
}
