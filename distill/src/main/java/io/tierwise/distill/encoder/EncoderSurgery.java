package io.tierwise.distill.encoder;

import io.tierwise.distill.train.Gradients.Parameter;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/** Takes parts out of an encoder's layers, so that the matrices are smaller. */
final class EncoderSurgery {
  private EncoderSurgery() {}

  /** With only the given feed-forward units of a layer. */
  static EncoderWeights units(EncoderWeights weights, int layer, int[] units) {
    String grow = EncoderWeights.layer(layer, EncoderWeights.GROW);
    String shrink = EncoderWeights.layer(layer, EncoderWeights.SHRINK);
    return weights.with(
        Map.of(
            grow + ".weight", columns(weights.parameter(grow + ".weight"), units),
            grow + ".bias", elements(weights.parameter(grow + ".bias"), units),
            shrink + ".weight", rows(weights.parameter(shrink + ".weight"), units)));
  }

  /** With only the given heads of a layer's attention. */
  static EncoderWeights heads(EncoderWeights weights, int layer, int[] heads) {
    String attention = EncoderWeights.layer(layer, EncoderWeights.ATTENTION);
    String context = EncoderWeights.layer(layer, EncoderWeights.CONTEXT);
    int size = weights.headSize();
    int all = weights.heads(layer) * size;
    int[] mixed =
        Arrays.stream(heads)
            .flatMap(head -> IntStream.range(head * size, (head + 1) * size))
            .toArray();
    int[] parts =
        IntStream.range(0, 3)
            .flatMap(part -> Arrays.stream(mixed).map(place -> part * all + place))
            .toArray();
    return weights.with(
        Map.of(
            attention + ".weight", columns(weights.parameter(attention + ".weight"), parts),
            attention + ".bias", elements(weights.parameter(attention + ".bias"), parts),
            context + ".weight", rows(weights.parameter(context + ".weight"), mixed)));
  }

  private static Parameter columns(Parameter matrix, int[] kept) {
    int rows = (int) matrix.shape()[0];
    int before = (int) matrix.shape()[1];
    float[] fewer = new float[rows * kept.length];
    for (int row = 0; row < rows; row++) {
      for (int to = 0; to < kept.length; to++) {
        fewer[row * kept.length + to] = matrix.values()[row * before + kept[to]];
      }
    }
    return new Parameter(fewer, rows, kept.length);
  }

  private static Parameter rows(Parameter matrix, int[] kept) {
    int width = (int) matrix.shape()[1];
    float[] fewer = new float[kept.length * width];
    for (int to = 0; to < kept.length; to++) {
      System.arraycopy(matrix.values(), kept[to] * width, fewer, to * width, width);
    }
    return new Parameter(fewer, kept.length, width);
  }

  private static Parameter elements(Parameter vector, int[] kept) {
    float[] fewer = new float[kept.length];
    for (int to = 0; to < kept.length; to++) {
      fewer[to] = vector.values()[kept[to]];
    }
    return new Parameter(fewer, kept.length);
  }
}
