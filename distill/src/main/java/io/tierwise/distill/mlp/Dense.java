package io.tierwise.distill.mlp;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.io.Serializable;

/**
 * One layer: {@code y = x W + b}, then max(0, y) where it is rectified.
 *
 * @param weights W, row-major [inputs, outputs]
 * @param bias b, [outputs]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
public record Dense(int inputs, float[] weights, float[] bias, boolean rectified)
    implements Serializable {
  public Dense {
    Requirement.positive("layer.inputs", inputs);
    if (weights.length != inputs * bias.length) {
      throw new InvalidValueException(
          "layer.weights",
          "there are " + weights.length + " for " + inputs + " × " + bias.length,
          "give one for each input and output");
    }
  }

  public int outputs() {
    return bias.length;
  }

  /** Other numbers in the same form. */
  public Dense with(float[] otherWeights, float[] otherBias) {
    return new Dense(inputs, otherWeights, otherBias, rectified);
  }

  /**
   * @param input [inputs]
   * @return [outputs]
   */
  public float[] forward(float[] input) {
    double[] sums = new double[bias.length];
    for (int i = 0; i < inputs; i++) {
      if (input[i] != 0) {
        for (int j = 0; j < sums.length; j++) {
          sums[j] += (double) input[i] * weights[i * sums.length + j];
        }
      }
    }
    float[] output = new float[sums.length];
    for (int j = 0; j < output.length; j++) {
      float sum = (float) (sums[j] + bias[j]);
      output[j] = rectified ? Math.max(0, sum) : sum;
    }
    return output;
  }
}
