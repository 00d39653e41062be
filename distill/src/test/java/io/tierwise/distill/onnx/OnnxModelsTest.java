package io.tierwise.distill.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OnnxModelsTest {
  /** Four buckets, two columns, three classes. */
  private static final BagWeights BAG =
      new BagWeights(
          new float[] {1, 2, 1, 0.5f},
          new byte[] {0, 0, 100, -50, 20, 10, 127, 127},
          new float[] {0.01f, 0.02f},
          new float[] {1, 0, -1, 0, 1, 1},
          new float[] {0.5f, 0, -0.5f});

  private static float[] bag(long[] buckets, float[] weights, int rows) throws IOException {
    int width = buckets.length / rows;
    try (OnnxModel model = OnnxModel.load("bag", OnnxModels.bag(BAG))) {
      return model
          .forward(
              new Tensor.Longs("buckets", buckets, rows, width),
              new Tensor.Floats("weights", weights, rows, width))
          .values();
    }
  }

  @Test
  void aLinearHeadIsAMatrixProductAndABias() throws IOException {
    byte[] graph = OnnxModels.linear(new float[] {1, 2, 3, 4, 5, 6}, new float[] {10, 20, 30});
    try (OnnxModel model = OnnxModel.load("linear", graph)) {
      assertArrayEquals(
          new float[] {10 + 1 * 2 + 4 * 3, 20 + 2 * 2 + 5 * 3, 30 + 3 * 2 + 6 * 3},
          model.forward(new Tensor.Floats("features", new float[] {2, 3}, 1, 2)).values());
    }
  }

  @Test
  void aBagRaisesRareFeaturesThenWeighsItsRowsAtUnitNorm() throws IOException {
    // Raised: 3·2 = 6 and 8·1 = 8, norm 10, so weights 0.6 and 0.8.
    // Columns: (0.6·100 + 0.8·20)·0.01 = 0.76 and (0.6·−50 + 0.8·10)·0.02 = −0.44.
    assertArrayEquals(
        new float[] {0.5f + 0.76f, -0.44f, -0.5f - 0.76f - 0.44f},
        bag(new long[] {1, 2}, new float[] {3, 8}, 1),
        1e-6f);
  }

  @Test
  void paddingChangesNothing() throws IOException {
    float[] alone = bag(new long[] {1, 2}, new float[] {3, 8}, 1);
    float[] padded = bag(new long[] {1, 2, 0, 3, 3, 0}, new float[] {3, 8, 0, 5, 0, 0}, 2);
    assertArrayEquals(alone, new float[] {padded[0], padded[1], padded[2]}, 1e-6f);
  }

  @Test
  void aTextWithoutFeaturesGetsTheBias() throws IOException {
    assertArrayEquals(new float[] {0.5f, 0, -0.5f}, bag(new long[] {0}, new float[] {0}, 1), 1e-6f);
  }

  @Property(tries = 200)
  void quantizationIsOffByAtMostHalfAStep(
      @ForAll @Size(12) List<@FloatRange(min = -9, max = 9) Float> values) {
    float[] table = new float[12];
    for (int i = 0; i < table.length; i++) {
      table[i] = values.get(i);
    }
    BagWeights bag = BagWeights.quantized(new float[4], table, 3, new float[3], new float[1]);
    for (int i = 0; i < table.length; i++) {
      float scale = bag.scales()[i % 3];
      assertEquals(table[i], bag.table()[i] * scale, scale * 0.5001f + 1e-6f);
      assertTrue(bag.table()[i] >= -127);
    }
  }
}
