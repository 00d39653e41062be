package io.tierwise.student.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.onnx.Graph;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class GraphOutputTest {
  private static final String LAST = "last_hidden_state";
  private static final String FIRST_LAYER = "/encoder/layer.0/output/LayerNorm/Add_1_output_0";

  private static byte[] whole;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream graph =
        GraphOutputTest.class.getResourceAsStream("/bge-small-en-v1.5-q.onnx")) {
      whole = Objects.requireNonNull(graph).readAllBytes();
    }
  }

  @Test
  void aGraphThatIsCutAtItsOwnOutputComputesTheSame() throws IOException {
    byte[] cut = GraphOutput.only(LAST, whole);

    assertArrayEquals(values(whole), values(cut));
    assertArrayEquals(cut, GraphOutput.only(LAST, cut));
  }

  @Test
  void aGraphThatIsCutAtItsFirstLayerHasNoOther() throws IOException {
    byte[] cut = GraphOutput.only(FIRST_LAYER, whole);

    // Eleven of twelve layers of 12·384² weights of one byte each.
    int layers = 11 * 12 * 384 * 384;
    assertTrue(whole.length - cut.length > layers, whole.length + " to " + cut.length);
    assertEquals(4 * 384, values(cut).length);
  }

  @Test
  void aNodeThatTheGraphHasNotIsRefused() {
    byte[] cut = GraphOutput.only("/no/such/node", whole);

    assertThrows(InvalidValueException.class, () -> OnnxModel.load("cut", cut));
  }

  private static float[] values(byte[] model) throws IOException {
    long[] ids = {101, 7592, 2088, 102};
    try (OnnxModel graph = OnnxModel.load("graph", model)) {
      Graph.Output output =
          graph.forward(
              new Tensor.Longs("input_ids", ids, 1, 4),
              new Tensor.Longs("attention_mask", new long[] {1, 1, 1, 1}, 1, 4),
              new Tensor.Longs("token_type_ids", new long[4], 1, 4));
      return output.values();
    }
  }
}
