package io.tierwise.distill.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.onnx.proto.OnnxMl;
import io.tierwise.student.onnx.BagModel;
import io.tierwise.student.onnx.Graph;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bag's file, computed from its table, against the same file under ONNX Runtime. */
class BagModelTest {
  private static final int BUCKETS = 64;

  @Property(tries = 60)
  void givesWhatOnnxRuntimeGives(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 33) int width,
      @ForAll @IntRange(min = 1, max = 70) int classes,
      @ForAll @IntRange(min = 1, max = 20) int columns,
      @ForAll boolean placed)
      throws IOException {
    Random random = new Random(seed);
    byte[] file = bag(random, width, classes, placed).write();
    Tensor[] inputs = inputs(random, 3, columns);
    try (BagModel direct = load(file);
        OnnxModel runtime = OnnxModel.load("bag", file)) {
      Graph.Output expected = runtime.forward(inputs);
      Graph.Output actual = direct.forward(inputs);

      assertArrayEquals(expected.shape(), actual.shape());
      assertArrayEquals(expected.values(), actual.values(), 2e-3f, "of some 4,000 at most");
    }
  }

  @Test
  void addsUpByHand() throws IOException {
    // Weights 3 · 1 and 1 · 4 have norm 5: 0.6 (2, 1) + 0.8 (6, 2) = (6, 2.2).
    BagWeights weights =
        new BagWeights(
            new float[] {1, 4},
            new byte[] {1, 2, 3, 4},
            new float[] {2, 0.5f},
            new float[] {1, 0, 0.5f, 0, 1, -1},
            new float[] {0.25f, 0, -1});
    try (BagModel bag = load(OnnxModels.bag(weights))) {
      float[] logits = bag.forward(tensors(1, new long[] {0, 1}, new float[] {3, 1})).values();

      assertArrayEquals(new float[] {6.25f, 2.2f, -0.2f}, logits, 1e-6f);
    }
  }

  @Test
  void aTextOfNothingGetsTheBias() throws IOException {
    BagGraph bag = bag(new Random(1), 4, 2, false);
    try (BagModel graph = load(bag.write())) {
      float[] logits = graph.forward(tensors(1, new long[] {0, 0}, new float[2])).values();

      assertArrayEquals(bag.bias(), logits);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, BUCKETS, Long.MAX_VALUE})
  void refusesABucketThatTheBagDoesNotHave(long bucket) throws IOException {
    try (BagModel graph = load(bag(new Random(1), 4, 2, false).write())) {
      IllegalStateException refused =
          assertThrows(
              IllegalStateException.class,
              () -> graph.forward(tensors(1, new long[] {bucket}, new float[] {1})));

      assertEquals("bag has no bucket " + bucket, refused.getMessage());
    }
  }

  @Test
  void refusesEveryPassAfterItIsClosed() throws IOException {
    BagModel graph = load(bag(new Random(1), 4, 2, false).write());
    graph.close();

    assertThrows(
        IllegalStateException.class,
        () -> graph.forward(tensors(1, new long[] {0}, new float[] {1})));
  }

  @Test
  void leavesAGraphThatDiffersInOneNodeToOnnxRuntime() throws IOException {
    OnnxMl.ModelProto.Builder model =
        OnnxMl.ModelProto.parseFrom(bag(new Random(1), 4, 2, false).write()).toBuilder();
    model
        .getGraphBuilder()
        .getNodeBuilderList()
        .forEach(node -> {
          if (node.getOpType().equals("Max")) {
            node.setOpType("Add");
          }
        });
    assertEquals(Optional.empty(), BagModel.read("bag", model.build().toByteArray()));
  }

  @Test
  void leavesATableThatIsShorterThanItsBucketsToOnnxRuntime() throws IOException {
    BagGraph whole = bag(new Random(1), 4, 2, false);
    BagGraph shorter =
        new BagGraph(whole.rarity(), null, new byte[4 * 8], whole.head(), whole.bias());
    assertEquals(Optional.empty(), BagModel.read("bag", shorter.write()));
  }

  @Test
  void leavesARowOutsideTheTableToOnnxRuntime() throws IOException {
    BagGraph whole = bag(new Random(1), 4, 2, true);
    int[] places = new int[BUCKETS];
    places[5] = whole.rows();
    BagGraph outside =
        new BagGraph(whole.rarity(), places, whole.table(), whole.head(), whole.bias());
    assertEquals(Optional.empty(), BagModel.read("bag", outside.write()));
  }

  private static BagModel load(byte[] file) {
    return BagModel.read("bag", file).orElseThrow();
  }

  private static BagGraph bag(Random random, int width, int classes, boolean placed) {
    int rows = placed ? 9 : BUCKETS;
    byte[] table = new byte[rows * width];
    random.nextBytes(table);
    return new BagGraph(
        floats(random, BUCKETS),
        placed ? random.ints(BUCKETS, 0, rows).toArray() : null,
        table,
        floats(random, width * classes),
        floats(random, classes));
  }

  private static Tensor[] inputs(Random random, int rows, int columns) {
    float[] weights = floats(random, rows * columns);
    weights[0] = 0;
    return tensors(rows, random.longs((long) rows * columns, 0, BUCKETS).toArray(), weights);
  }

  private static Tensor[] tensors(int rows, long[] buckets, float[] weights) {
    return new Tensor[] {
      new Tensor.Longs("buckets", buckets, rows, buckets.length / rows),
      new Tensor.Floats("weights", weights, rows, weights.length / rows)
    };
  }

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }
}
