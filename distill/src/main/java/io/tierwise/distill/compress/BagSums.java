package io.tierwise.distill.compress;

import io.tierwise.distill.onnx.BagGraph;
import io.tierwise.student.feature.Bag;

/** What a bag computes, in double precision. */
final class BagSums {
  private BagSums() {}

  /** A text's weights times their buckets' rarity, at unit L2 norm. */
  static double[] unit(BagGraph graph, Bag text) {
    double[] weights = new double[text.size()];
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (double) text.weights()[i] * graph.rarity()[text.buckets()[i]];
      squares += weights[i] * weights[i];
    }
    double norm = Math.max(1e-9, Math.sqrt(squares));
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= norm;
    }
    return weights;
  }

  /** The weighted sum of a text's rows: [width]. */
  static double[] sum(BagGraph graph, Bag text) {
    int width = graph.width();
    double[] weights = unit(graph, text);
    double[] sum = new double[width];
    for (int i = 0; i < weights.length; i++) {
      int row = graph.place(text.buckets()[i]);
      for (int d = 0; d < width; d++) {
        sum[d] += weights[i] * graph.table()[row * width + d];
      }
    }
    return sum;
  }
}
