package io.tierwise.distill.compress;

import io.tierwise.distill.mlp.Dense;
import io.tierwise.distill.mlp.Mlp;
import io.tierwise.distill.mlp.MlpTrainer;
import io.tierwise.router.Requirement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sets the weights of least magnitude to zero (Han, Pool, Tran, Dally: Learning both Weights and
 * Connections, 2015), more of them with every step of the fine-tuning by the cubic schedule of Zhu
 * and Gupta (To prune, or not to prune, 2017): s_t = s (1 − (1 − t/n)³) over the first three
 * quarters of the steps, then all of s.
 *
 * @param sparsity s: share of the weights that end at zero
 * @param perLayer whether every layer loses that share of its own, or all of them together
 */
public record PruneWeights(double sparsity, boolean perLayer) {
  private static final double RAMP = 0.75;

  public PruneWeights {
    Requirement.openUnit("sparsity", sparsity);
  }

  /** For {@link MlpTrainer}: what is kept at each step. */
  public MlpTrainer.Masks gradually() {
    return (step, steps, mlp) -> masks(mlp, at(step, steps));
  }

  /** The share of zeros after a step. */
  double at(long step, long steps) {
    double progress = Math.min(1, step / (RAMP * steps));
    double left = 1 - progress;
    return sparsity * (1 - left * left * left);
  }

  /** What is kept of each layer at a share of zeros. */
  List<boolean[]> masks(Mlp mlp, double share) {
    List<boolean[]> masks = new ArrayList<>();
    float common = perLayer ? Float.NaN : threshold(magnitudes(mlp.layers()), share);
    for (Dense layer : mlp.layers()) {
      float threshold = perLayer ? threshold(magnitudes(List.of(layer)), share) : common;
      boolean[] kept = new boolean[layer.weights().length];
      for (int i = 0; i < kept.length; i++) {
        kept[i] = Math.abs(layer.weights()[i]) > threshold;
      }
      masks.add(kept);
    }
    return masks;
  }

  private static float[] magnitudes(List<Dense> layers) {
    float[] all = new float[layers.stream().mapToInt(layer -> layer.weights().length).sum()];
    int at = 0;
    for (Dense layer : layers) {
      for (float weight : layer.weights()) {
        all[at++] = Math.abs(weight);
      }
    }
    return all;
  }

  /** The magnitude at or below which so large a share lies; below every one for none. */
  private static float threshold(float[] magnitudes, double share) {
    int zeros = (int) Math.round(share * magnitudes.length);
    if (zeros == 0) {
      return -1;
    }
    Arrays.sort(magnitudes);
    return magnitudes[zeros - 1];
  }
}
