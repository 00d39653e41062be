package io.tierwise.distill.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.tierwise.student.onnx.Graph;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OnnxModelsTest {
  /** Four buckets with rows (1, 2), (3, 4), (−5, 6), (127, −127), columns scaled by 2 and 0.5. */
  private static final BagWeights BAG =
      new BagWeights(
          new float[] {1, 4, 1, 1},
          new byte[] {1, 2, 3, 4, -5, 6, 127, -127},
          new float[] {2, 0.5f},
          new float[] {1, 0, 0.5f, 0, 1, -1},
          new float[] {0.25f, 0, -1});

  @Test
  void aLinearHeadIsAProductAndABias() throws IOException {
    byte[] graph = OnnxModels.linear(new float[] {1, 2, 3, 4, 5, 6}, new float[] {0.5f, -0.5f});

    try (OnnxModel model = OnnxModel.load("linear", graph)) {
      Graph.Output output =
          model.forward(new Tensor.Floats("features", new float[] {1, 0, 2, 0, -1, 1}, 2, 3));

      // (1 + 2·5, 2 + 2·6) and (−3 + 5, −4 + 6), plus the bias.
      assertArrayEquals(new long[] {2, 2}, output.shape());
      assertArrayEquals(new float[] {11.5f, 13.5f, 2.5f, 1.5f}, output.values());
    }
  }

  @Test
  void aBagSumsItsRowsByRarityAtUnitNorm() throws IOException {
    try (OnnxModel model = OnnxModel.load("bag", OnnxModels.bag(BAG))) {
      // Weights 3 · 1 and 1 · 4 have norm 5: 0.6 (2, 1) + 0.8 (6, 2) = (6, 2.2).
      float[] logits = forward(model, 1, new long[] {0, 1}, new float[] {3, 1});

      assertArrayEquals(new float[] {6 + 0.25f, 2.2f, 3 - 2.2f - 1}, logits, 1e-6f);
    }
  }

  @Test
  void onlyTheProportionsOfWeightsCount() throws IOException {
    try (OnnxModel model = OnnxModel.load("bag", OnnxModels.bag(BAG))) {
      float[] logits = forward(model, 1, new long[] {2, 3}, new float[] {0.3f, 0.4f});
      float[] tenfold = forward(model, 1, new long[] {2, 3}, new float[] {3, 4});

      assertArrayEquals(logits, tenfold, 1e-4f);
    }
  }

  @Test
  void paddingChangesNothing() throws IOException {
    try (OnnxModel model = OnnxModel.load("bag", OnnxModels.bag(BAG))) {
      float[] alone = forward(model, 1, new long[] {3}, new float[] {1});
      float[] padded =
          forward(model, 2, new long[] {3, 0, 0, 0, 1, 2}, new float[] {1, 0, 0, 0.1f, 0.2f, 0.3f});

      assertArrayEquals(alone, new float[] {padded[0], padded[1], padded[2]});
    }
  }

  @Test
  void aTextOfNothingGetsTheBias() throws IOException {
    try (OnnxModel model = OnnxModel.load("bag", OnnxModels.bag(BAG))) {
      float[] logits = forward(model, 1, new long[] {0, 0}, new float[] {0, 0});

      assertArrayEquals(new float[] {0.25f, 0, -1}, logits);
    }
  }

  @Test
  void theSameWeightsAreTheSameBytes() {
    assertArrayEquals(OnnxModels.bag(BAG), OnnxModels.bag(BAG));
  }

  private static float[] forward(OnnxModel model, int rows, long[] buckets, float[] weights) {
    int width = buckets.length / rows;
    return model
        .forward(
            new Tensor.Longs("buckets", buckets, rows, width),
            new Tensor.Floats("weights", weights, rows, width))
        .values();
  }
}
