package io.tierwise.distill.encoder;

import ai.djl.ndarray.NDArray;
import io.tierwise.distill.Progress;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What the parts of an encoder's layers add to their outputs on real inputs. A feed-forward unit
 * adds its value times its row of the shrinking matrix; a head of attention adds its part of the
 * mixed values times its rows of the context matrix. Counted is the sum of the squares of that.
 */
final class Contributions {
  private final EncoderWeights weights;

  /** By product's name: XᵀX of the states X that the product reads, row-major [K, K]. */
  private final Map<String, double[]> mixed = new HashMap<>();

  /** By product's name: the sum of the squares of each column of the states. */
  private final Map<String, double[]> grown = new HashMap<>();

  Contributions(EncoderWeights weights) {
    this.weights = weights;
  }

  static Contributions measure(EncoderWeights weights, int[][] tokens, Progress progress) {
    Contributions contributions = new Contributions(weights);
    try (EncoderRunner runner = new EncoderRunner(weights)) {
      runner.watch(tokens, progress, contributions::see);
    }
    return contributions;
  }

  private void see(String product, NDArray states) {
    if (product.endsWith(EncoderWeights.SHRINK)) {
      add(grown, product, states.square().sum(new int[] {0}).toFloatArray());
    } else if (product.endsWith(EncoderWeights.CONTEXT)) {
      add(mixed, product, states.transpose().matMul(states).toFloatArray());
    }
  }

  private static void add(Map<String, double[]> sums, String product, float[] values) {
    double[] sum = sums.computeIfAbsent(product, name -> new double[values.length]);
    for (int i = 0; i < values.length; i++) {
      sum[i] += values[i];
    }
  }

  /** Of each of a layer's feed-forward units. */
  double[] units(int layer) {
    String product = EncoderWeights.layer(layer, EncoderWeights.SHRINK);
    double[] squares = grown.getOrDefault(product, new double[weights.units(layer)]);
    return unitImportance(weights, layer, squares);
  }

  /**
   * @param squares the sum of the squares of each unit's values
   */
  static double[] unitImportance(EncoderWeights weights, int layer, double[] squares) {
    float[] shrink =
        weights.parameter(EncoderWeights.layer(layer, EncoderWeights.SHRINK) + ".weight").values();
    int width = weights.dimensions();
    double[] importance = new double[squares.length];
    for (int unit = 0; unit < importance.length; unit++) {
      importance[unit] = squares[unit] * product(shrink, unit, unit, width);
    }
    return importance;
  }

  /** Of each of a layer's heads: the trace of Wᵀ XᵀX W over its rows. */
  double[] heads(int layer) {
    String product = EncoderWeights.layer(layer, EncoderWeights.CONTEXT);
    float[] context = weights.parameter(product + ".weight").values();
    int size = weights.headSize();
    int all = weights.heads(layer) * size;
    double[] squares = mixed.getOrDefault(product, new double[all * all]);
    double[] importance = new double[weights.heads(layer)];
    for (int head = 0; head < importance.length; head++) {
      for (int i = head * size; i < (head + 1) * size; i++) {
        for (int j = head * size; j < (head + 1) * size; j++) {
          importance[head] += squares[i * all + j] * product(context, i, j, weights.dimensions());
        }
      }
    }
    return importance;
  }

  /** Of two rows. */
  private static double product(float[] matrix, int one, int other, int width) {
    double sum = 0;
    for (int d = 0; d < width; d++) {
      sum += (double) matrix[one * width + d] * matrix[other * width + d];
    }
    return sum;
  }

  /** The places of the largest, ascending; of equal ones the first. */
  static int[] most(double[] importance, int count) {
    return IntStream.range(0, importance.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer place) -> -importance[place]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .sorted()
        .toArray();
  }
}
