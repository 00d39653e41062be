package io.tierwise.distill.parallel;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.Gradients.Scope;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Cross-entropy to target distributions of a network of dense layers with ReLU between them.
 *
 * @param features [examples][dimensions]
 * @param targets [examples][classes], each a distribution
 */
@SuppressWarnings("ArrayRecordComponent") // examples by the thousand, never compared
public record NetworkLoss(float[][] features, float[][] targets)
    implements Objective<NetworkLoss.Weights> {

  /**
   * All weights of a network, row-major, as matrix, bias, matrix, bias and so on.
   *
   * @param widths of the input, the hidden layers and the output
   */
  @SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
  public record Weights(int[] widths, List<float[]> arrays) implements Serializable {

    /** He initialisation (He, Zhang, Ren, Sun, 2015), biases zero. */
    public static Weights random(int[] widths, Random random) {
      List<float[]> arrays = new ArrayList<>();
      for (int layer = 1; layer < widths.length; layer++) {
        float[] matrix = new float[widths[layer - 1] * widths[layer]];
        double scale = Math.sqrt(2.0 / widths[layer - 1]);
        for (int i = 0; i < matrix.length; i++) {
          matrix[i] = (float) (random.nextGaussian() * scale);
        }
        arrays.add(matrix);
        arrays.add(new float[widths[layer]]);
      }
      return new Weights(widths, List.copyOf(arrays));
    }
  }

  @Override
  public int examples() {
    return features.length;
  }

  @Override
  public NetworkLoss shard(int[] examples) {
    return new NetworkLoss(select(features, examples), select(targets, examples));
  }

  @Override
  public List<Parameter> parameters(Weights point) {
    List<Parameter> parameters = new ArrayList<>();
    for (int layer = 1; layer < point.widths.length; layer++) {
      int from = point.widths[layer - 1];
      int to = point.widths[layer];
      parameters.add(new Parameter(point.arrays.get(2 * layer - 2), from, to));
      parameters.add(new Parameter(point.arrays.get(2 * layer - 1), to));
    }
    return parameters;
  }

  @Override
  public NDArray loss(Scope scope, Weights point, List<NDArray> parameters, int[] batch) {
    NDArray values = scope.array(select(features, batch));
    for (int i = 0; i < parameters.size(); i += 2) {
      NDArray input = i == 0 ? values : Activation.relu(values);
      values = input.matMul(parameters.get(i)).add(parameters.get(i + 1));
    }
    NDArray target = scope.array(select(targets, batch));
    return target.mul(values.logSoftmax(1)).sum(new int[] {1}).mean().neg();
  }

  private static float[][] select(float[][] all, int[] chosen) {
    return Arrays.stream(chosen).mapToObj(i -> all[i]).toArray(float[][]::new);
  }
}
