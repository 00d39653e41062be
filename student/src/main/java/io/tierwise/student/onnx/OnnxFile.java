package io.tierwise.student.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What an ONNX file holds, as far as a network can be known by it: its nodes and constants, read
 * from the wire without a copy of the weights. Field numbers are those of onnx.proto (ONNX 1.x).
 *
 * @param nodes each as {@code operator input... > output...}, in their order
 * @param constants the raw bytes of each by name; empty where a constant keeps its values otherwise
 */
record OnnxFile(List<String> nodes, Map<String, ByteBuffer> constants) {
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_CONSTANT = 5;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OPERATOR = 4;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW = 9;

  /** What one field of a message means. */
  private interface Field {
    /** Reads it, or returns false to have it skipped. */
    boolean read(int number, CodedInputStream input) throws IOException;
  }

  /**
   * @throws IOException where the bytes are no protocol buffer
   */
  static OnnxFile read(byte[] onnx) throws IOException {
    OnnxFile file = new OnnxFile(new ArrayList<>(), new HashMap<>());
    CodedInputStream input = CodedInputStream.newInstance(onnx);
    input.enableAliasing(true);
    fields(
        input,
        (number, in) -> number == MODEL_GRAPH && message(in, (part, of) -> file.part(part, of)));
    return file;
  }

  /** The bytes of a constant, little-endian; empty where there is none of that name. */
  ByteBuffer constant(String name) {
    return constants.getOrDefault(name, NONE).duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private boolean part(int number, CodedInputStream input) throws IOException {
    return switch (number) {
      case GRAPH_NODE -> node(input);
      case GRAPH_CONSTANT -> constant(input);
      default -> false;
    };
  }

  private boolean node(CodedInputStream input) throws IOException {
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    List<String> operators = new ArrayList<>();
    message(
        input,
        (number, in) ->
            switch (number) {
              case NODE_INPUT -> inputs.add(in.readString());
              case NODE_OUTPUT -> outputs.add(in.readString());
              case NODE_OPERATOR -> operators.add(in.readString());
              default -> false;
            });
    operators.addAll(inputs);
    operators.add(">");
    operators.addAll(outputs);
    return nodes.add(String.join(" ", operators));
  }

  private boolean constant(CodedInputStream input) throws IOException {
    List<String> name = new ArrayList<>();
    List<ByteBuffer> raw = new ArrayList<>();
    message(
        input,
        (number, in) ->
            switch (number) {
              case TENSOR_NAME -> name.add(in.readString());
              case TENSOR_RAW -> raw.add(in.readByteBuffer());
              default -> false;
            });
    constants.put(name.isEmpty() ? "" : name.getLast(), raw.isEmpty() ? NONE : raw.getLast());
    return true;
  }

  private static boolean message(CodedInputStream input, Field field) throws IOException {
    int outer = input.pushLimit(input.readRawVarint32());
    fields(input, field);
    input.popLimit(outer);
    return true;
  }

  private static void fields(CodedInputStream input, Field field) throws IOException {
    for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
      boolean nested = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
      if (!nested || !field.read(WireFormat.getTagFieldNumber(tag), input)) {
        input.skipField(tag);
      }
    }
  }
}
