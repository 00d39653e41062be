package io.tierwise.student.encoder;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/**
 * Lets an ONNX graph give out what one of its nodes computes. Protocol buffers put two encodings
 * one after the other together as one message: repeated fields are joined in their order. So a
 * model that holds one output and nothing else, laid before the graph's own bytes, makes it the
 * first output.
 */
final class GraphOutput {
  // Field numbers of onnx.proto, each with the wire type of what has a length.
  private static final int MODEL_GRAPH = 7 << 3 | 2;
  private static final int GRAPH_OUTPUT = 12 << 3 | 2;
  private static final int VALUE_NAME = 1 << 3 | 2;
  private static final int VALUE_TYPE = 2 << 3 | 2;

  /** A tensor (field 1) whose elements (field 1) are floats (1). */
  private static final byte[] FLOATS = {1 << 3 | 2, 2, 1 << 3, 1};

  private GraphOutput() {}

  /**
   * @param node the name of a node's output, of floats, of at most 100 bytes
   */
  static byte[] first(String node, byte[] graph) {
    byte[] value = joined(field(VALUE_NAME, node.getBytes(UTF_8)), field(VALUE_TYPE, FLOATS));
    return joined(field(MODEL_GRAPH, field(GRAPH_OUTPUT, value)), graph);
  }

  /** Of less than 128 bytes, so that its length is one byte. */
  private static byte[] field(int tag, byte[] content) {
    return joined(new byte[] {(byte) tag, (byte) content.length}, content);
  }

  private static byte[] joined(byte[] one, byte[] other) {
    ByteArrayOutputStream both = new ByteArrayOutputStream(one.length + other.length);
    both.writeBytes(one);
    both.writeBytes(other);
    return both.toByteArray();
  }
}
