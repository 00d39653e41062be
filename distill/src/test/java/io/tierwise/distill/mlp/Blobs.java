package io.tierwise.distill.mlp;

import java.util.List;
import java.util.Random;

/** Small things to learn. */
public final class Blobs {
  private Blobs() {}

  public static MlpLoss random(int examples, int dimensions, int classes) {
    Random random = new Random(11);
    float[][] features = new float[examples][dimensions];
    float[][] targets = new float[examples][classes];
    for (int i = 0; i < examples; i++) {
      for (int d = 0; d < dimensions; d++) {
        features[i][d] = (float) random.nextGaussian();
      }
      targets[i][random.nextInt(classes)] = 1;
    }
    return MlpLoss.toLabels(features, targets);
  }

  public static Mlp weights(Integer... widths) {
    return Mlp.random(List.of(widths), new Random(12));
  }
}
