package io.tierwise.distill.mlp;

import io.tierwise.router.InvalidValueException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A multilayer perceptron: layers one after the other, the last one's outputs are the logits. */
public record Mlp(List<Dense> layers) implements Serializable {
  public Mlp {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new InvalidValueException("layers", "there are none", "give at least one");
    }
    for (int i = 1; i < layers.size(); i++) {
      if (layers.get(i - 1).outputs() != layers.get(i).inputs()) {
        throw new InvalidValueException(
            "layers[" + i + "].inputs",
            layers.get(i).inputs() + " after " + layers.get(i - 1).outputs() + " outputs",
            "make them equal");
      }
    }
  }

  /**
   * Random weights of variance 2/inputs (He, Zhang, Ren, Sun: Delving Deep into Rectifiers, 2015),
   * all layers rectified but the last.
   *
   * @param widths inputs, then every layer's outputs
   */
  public static Mlp random(List<Integer> widths, RandomGenerator random) {
    List<Dense> layers = new ArrayList<>();
    for (int i = 1; i < widths.size(); i++) {
      int inputs = widths.get(i - 1);
      float[] weights = new float[inputs * widths.get(i)];
      double deviation = Math.sqrt(2.0 / inputs);
      for (int k = 0; k < weights.length; k++) {
        weights[k] = (float) (random.nextGaussian() * deviation);
      }
      layers.add(new Dense(inputs, weights, new float[widths.get(i)], i < widths.size() - 1));
    }
    return new Mlp(layers);
  }

  public int inputs() {
    return layers.getFirst().inputs();
  }

  public int classes() {
    return layers.getLast().outputs();
  }

  /** How many weights and biases there are. */
  public long parameters() {
    return layers.stream().mapToLong(layer -> layer.weights().length + layer.outputs()).sum();
  }

  /**
   * @param input [inputs]
   * @return [classes]
   */
  public float[] logits(float[] input) {
    float[] values = input;
    for (Dense layer : layers) {
      values = layer.forward(values);
    }
    return values;
  }

  /** What the layers before the last one make of an input: [last layer's inputs]. */
  public float[] features(float[] input) {
    float[] values = input;
    for (Dense layer : layers.subList(0, layers.size() - 1)) {
      values = layer.forward(values);
    }
    return values;
  }
}
