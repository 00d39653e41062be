package io.tierwise.distill.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Builds an ONNX model node by node, at opset 13 (the first with per-axis quantization). Nodes are
 * kept in the order they are added, so each comes after what it reads.
 */
final class OnnxGraph {
  private static final int OPSET = 13;
  private static final int IR_VERSION = 7;

  private final OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder();

  OnnxGraph(String name) {
    graph.setName(name);
  }

  /** An input of the model; a size that is a name is a dimension that the caller chooses. */
  OnnxGraph input(String name, OnnxMl.TensorProto.DataType type, String... shape) {
    graph.addInput(value(name, type, shape));
    return this;
  }

  OnnxGraph output(String name, OnnxMl.TensorProto.DataType type, String... shape) {
    graph.addOutput(value(name, type, shape));
    return this;
  }

  OnnxGraph floats(String name, float[] values, long... shape) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return constant(name, OnnxMl.TensorProto.DataType.FLOAT, raw.array(), shape);
  }

  OnnxGraph bytes(String name, byte[] values, long... shape) {
    return constant(name, OnnxMl.TensorProto.DataType.INT8, values, shape);
  }

  OnnxGraph unsignedBytes(String name, byte[] values, long... shape) {
    return constant(name, OnnxMl.TensorProto.DataType.UINT8, values, shape);
  }

  OnnxGraph longs(String name, long... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return constant(name, OnnxMl.TensorProto.DataType.INT64, raw.array(), values.length);
  }

  /** A node that reads {@code inputs} and writes the one value {@code output}. */
  OnnxGraph node(String operator, String output, String... inputs) {
    graph.addNode(builder(operator, output, inputs));
    return this;
  }

  OnnxGraph nodeWithInt(
      String operator, String attribute, long value, String output, String... inputs) {
    graph.addNode(
        builder(operator, output, inputs)
            .addAttribute(
                OnnxMl.AttributeProto.newBuilder()
                    .setName(attribute)
                    .setType(OnnxMl.AttributeProto.AttributeType.INT)
                    .setI(value)));
    return this;
  }

  /** Adds a node as it is. */
  OnnxGraph node(OnnxMl.NodeProto node) {
    graph.addNode(node);
    return this;
  }

  /** Adds a constant as it is. */
  OnnxGraph constant(OnnxMl.TensorProto tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  /** A node with several outputs. */
  OnnxGraph nodeOf(String operator, List<String> outputs, String... inputs) {
    graph.addNode(
        OnnxMl.NodeProto.newBuilder()
            .setOpType(operator)
            .setName(outputs.getFirst())
            .addAllInput(List.of(inputs))
            .addAllOutput(outputs));
    return this;
  }

  byte[] toBytes() {
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .setProducerName("tierwise")
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static OnnxMl.NodeProto.Builder builder(
      String operator, String output, String... inputs) {
    return OnnxMl.NodeProto.newBuilder()
        .setOpType(operator)
        .setName(output)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  private OnnxGraph constant(
      String name, OnnxMl.TensorProto.DataType type, byte[] raw, long... shape) {
    OnnxMl.TensorProto.Builder tensor =
        OnnxMl.TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(raw));
    for (long size : shape) {
      tensor.addDims(size);
    }
    graph.addInitializer(tensor);
    return this;
  }

  private static OnnxMl.ValueInfoProto value(
      String name, OnnxMl.TensorProto.DataType type, String... shape) {
    OnnxMl.TensorShapeProto.Builder dimensions = OnnxMl.TensorShapeProto.newBuilder();
    for (String size : shape) {
      OnnxMl.TensorShapeProto.Dimension.Builder dimension =
          OnnxMl.TensorShapeProto.Dimension.newBuilder();
      if (Character.isDigit(size.charAt(0))) {
        dimension.setDimValue(Long.parseLong(size));
      } else {
        dimension.setDimParam(size);
      }
      dimensions.addDim(dimension);
    }
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            OnnxMl.TypeProto.newBuilder()
                .setTensorType(
                    OnnxMl.TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(dimensions)))
        .build();
  }
}
