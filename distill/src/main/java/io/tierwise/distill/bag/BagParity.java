package io.tierwise.distill.bag;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.tierwise.distill.onnx.BagWeights;
import io.tierwise.distill.train.PyTorch;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.onnx.BagModel;
import io.tierwise.student.onnx.Graph;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Checks that the exported graph computes what DJL's PyTorch engine does with the same numbers,
 * both under ONNX Runtime and as it is served, straight from its table.
 */
final class BagParity {
  private static final int TEXTS = 200;
  private static final double TOLERANCE = 1e-5;

  private BagParity() {}

  /**
   * The largest difference of any logit, relative to the largest logit where that is above 1.
   *
   * @param bags as the featurizer gives them
   * @throws IllegalStateException when it exceeds 1e-5: then the export is wrong
   */
  static double largestDifference(byte[] graph, BagWeights weights, List<Bag> bags)
      throws IOException {
    double largest = 0;
    try (OnnxModel exported = OnnxModel.load("exported bag", graph);
        BagModel served = BagModel.read("exported bag", graph).orElseThrow();
        NDManager manager = PyTorch.engine().newBaseManager()) {
      NDArray head =
          manager.create(weights.head(), new Shape(weights.width(), weights.bias().length));
      NDArray scales = manager.create(weights.scales());
      NDArray bias = manager.create(weights.bias());
      for (Bag bag : bags.subList(0, Math.min(TEXTS, bags.size()))) {
        try (NDManager scope = manager.newSubManager()) {
          float[] expected = forward(scope, weights, bag, scales, head, bias);
          for (Graph each : List.of(exported, served)) {
            float[] actual = each.forward(tensors(bag)).values();
            largest = Math.max(largest, difference(expected, actual));
          }
        }
      }
    }
    if (largest > TOLERANCE) {
      throw new IllegalStateException(
          "the exported bag differs from DJL by " + largest + ", more than " + TOLERANCE);
    }
    return largest;
  }

  private static float[] forward(
      NDManager scope, BagWeights bag, Bag text, NDArray scales, NDArray head, NDArray bias) {
    int width = bag.width();
    float[] raised = new float[text.size()];
    float[] rows = new float[text.size() * width];
    for (int i = 0; i < text.size(); i++) {
      int bucket = text.buckets()[i];
      raised[i] = text.weights()[i] * bag.rarity()[bucket];
      for (int d = 0; d < width; d++) {
        rows[i * width + d] = bag.table()[bucket * width + d];
      }
    }
    NDArray weights = scope.create(raised, new Shape(1, text.size()));
    NDArray table = scope.create(rows, new Shape(text.size(), width)).mul(scales);
    NDArray unit = weights.div(weights.square().sum().sqrt());
    return unit.matMul(table).matMul(head).add(bias).toFloatArray();
  }

  private static Tensor[] tensors(Bag bag) {
    long[] buckets = Arrays.stream(bag.buckets()).asLongStream().toArray();
    return new Tensor[] {
      new Tensor.Longs("buckets", buckets, 1, bag.size()),
      new Tensor.Floats("weights", bag.weights(), 1, bag.size())
    };
  }

  private static double difference(float[] expected, float[] actual) {
    double scale = 1;
    double largest = 0;
    for (int k = 0; k < expected.length; k++) {
      scale = Math.max(scale, Math.abs(expected[k]));
      largest = Math.max(largest, Math.abs(expected[k] - actual[k]));
    }
    return largest / scale;
  }
}
