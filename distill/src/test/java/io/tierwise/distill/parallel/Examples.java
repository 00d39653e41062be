package io.tierwise.distill.parallel;

import java.util.Random;

/** Small things to learn. */
final class Examples {
  private Examples() {}

  static NetworkLoss random(int examples, int dimensions, int classes) {
    Random random = new Random(11);
    float[][] features = new float[examples][dimensions];
    float[][] targets = new float[examples][classes];
    for (int i = 0; i < examples; i++) {
      for (int d = 0; d < dimensions; d++) {
        features[i][d] = (float) random.nextGaussian();
      }
      targets[i][random.nextInt(classes)] = 1;
    }
    return new NetworkLoss(features, targets);
  }

  static NetworkLoss.Weights weights(int... widths) {
    return NetworkLoss.Weights.random(widths, new Random(12));
  }
}
