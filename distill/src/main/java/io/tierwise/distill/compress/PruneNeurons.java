package io.tierwise.distill.compress;

import io.tierwise.distill.Kept;
import io.tierwise.distill.mlp.Dense;
import io.tierwise.distill.mlp.Mlp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes hidden units out, so that the matrices are smaller. A unit's importance is how much it
 * brings to the next layer: its mean activation on real inputs times the L2 norm of its outgoing
 * weights.
 *
 * @param keep units that stay in every hidden layer
 */
public record PruneNeurons(Kept keep) {

  /**
   * @param inputs real ones, to measure activations on
   */
  public Mlp prune(Mlp mlp, float[][] inputs) {
    List<Dense> layers = new ArrayList<>(mlp.layers());
    for (int hidden = 0; hidden < layers.size() - 1; hidden++) {
      int units = layers.get(hidden).outputs();
      int stay = keep.of(units, "units");
      double[] importance = importance(new Mlp(layers), hidden, inputs);
      int[] kept =
          IntStream.range(0, units)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer unit) -> -importance[unit]))
              .limit(stay)
              .mapToInt(Integer::intValue)
              .sorted()
              .toArray();
      layers.set(hidden, columns(layers.get(hidden), kept));
      layers.set(hidden + 1, rows(layers.get(hidden + 1), kept));
    }
    return new Mlp(layers);
  }

  private static double[] importance(Mlp mlp, int hidden, float[][] inputs) {
    Dense layer = mlp.layers().get(hidden);
    Dense next = mlp.layers().get(hidden + 1);
    double[] activity = new double[layer.outputs()];
    for (float[] input : inputs) {
      float[] values = input;
      for (int i = 0; i <= hidden; i++) {
        values = mlp.layers().get(i).forward(values);
      }
      for (int unit = 0; unit < activity.length; unit++) {
        activity[unit] += Math.abs(values[unit]) / inputs.length;
      }
    }
    for (int unit = 0; unit < activity.length; unit++) {
      double square = 0;
      for (int j = 0; j < next.outputs(); j++) {
        double weight = next.weights()[unit * next.outputs() + j];
        square += weight * weight;
      }
      activity[unit] *= Math.sqrt(square);
    }
    return activity;
  }

  private static Dense columns(Dense layer, int[] kept) {
    float[] weights = new float[layer.inputs() * kept.length];
    float[] bias = new float[kept.length];
    for (int k = 0; k < kept.length; k++) {
      bias[k] = layer.bias()[kept[k]];
      for (int i = 0; i < layer.inputs(); i++) {
        weights[i * kept.length + k] = layer.weights()[i * layer.outputs() + kept[k]];
      }
    }
    return new Dense(layer.inputs(), weights, bias, layer.rectified());
  }

  private static Dense rows(Dense layer, int[] kept) {
    int outputs = layer.outputs();
    float[] weights = new float[kept.length * outputs];
    for (int k = 0; k < kept.length; k++) {
      System.arraycopy(layer.weights(), kept[k] * outputs, weights, k * outputs, outputs);
    }
    return new Dense(kept.length, weights, layer.bias().clone(), layer.rectified());
  }
}
