package io.tierwise.distill.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Builds an ONNX model node by node, at opset 13 (the first with per-axis quantization) unless told
 * otherwise. Nodes are kept in the order they are added, so each comes after what it reads.
 */
public final class OnnxGraph {
  private static final int OPSET = 13;
  private static final int IR_VERSION = 7;

  private final OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder();
  private final SequencedMap<String, String> metadata = new LinkedHashMap<>();
  private final int opset;

  public OnnxGraph(String name) {
    this(name, OPSET);
  }

  /**
   * @param opset the version of the operators
   */
  public OnnxGraph(String name, int opset) {
    graph.setName(name);
    this.opset = opset;
  }

  /** A fact about the model that goes into the file beside the graph. */
  public OnnxGraph metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /** An input of the model; a size that is a name is a dimension that the caller chooses. */
  public OnnxGraph input(String name, OnnxMl.TensorProto.DataType type, String... shape) {
    graph.addInput(value(name, type, shape));
    return this;
  }

  public OnnxGraph output(String name, OnnxMl.TensorProto.DataType type, String... shape) {
    graph.addOutput(value(name, type, shape));
    return this;
  }

  public OnnxGraph floats(String name, float[] values, long... shape) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return constant(name, OnnxMl.TensorProto.DataType.FLOAT, raw.array(), shape);
  }

  public OnnxGraph bytes(String name, byte[] values, long... shape) {
    return constant(name, OnnxMl.TensorProto.DataType.INT8, values, shape);
  }

  OnnxGraph unsignedBytes(String name, byte[] values, long... shape) {
    return constant(name, OnnxMl.TensorProto.DataType.UINT8, values, shape);
  }

  public OnnxGraph integers(String name, int[] values, long... shape) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asIntBuffer().put(values);
    return constant(name, OnnxMl.TensorProto.DataType.INT32, raw.array(), shape);
  }

  public OnnxGraph longs(String name, long... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    return constant(name, OnnxMl.TensorProto.DataType.INT64, raw.array(), values.length);
  }

  /** A single unsigned byte, without dimensions. */
  public OnnxGraph unsigned(String name, int value) {
    return constant(
        name, OnnxMl.TensorProto.DataType.UINT8, new byte[] {(byte) value}, new long[0]);
  }

  /** A single number, without dimensions. */
  public OnnxGraph scalar(String name, float value) {
    return floats(name, new float[] {value}, new long[0]);
  }

  /** A single whole number, without dimensions. */
  public OnnxGraph scalar(String name, long value) {
    ByteBuffer raw = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return constant(
        name, OnnxMl.TensorProto.DataType.INT64, raw.putLong(value).array(), new long[0]);
  }

  /** A node that reads {@code inputs} and writes the one value {@code output}. */
  public OnnxGraph node(String operator, String output, String... inputs) {
    graph.addNode(builder(operator, output, inputs));
    return this;
  }

  public OnnxGraph nodeWithInt(
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

  /** A node with a list of whole numbers as its attribute. */
  public OnnxGraph nodeWithInts(
      String operator, String attribute, long[] values, String output, String... inputs) {
    OnnxMl.AttributeProto.Builder list =
        OnnxMl.AttributeProto.newBuilder()
            .setName(attribute)
            .setType(OnnxMl.AttributeProto.AttributeType.INTS);
    Arrays.stream(values).forEach(list::addInts);
    graph.addNode(builder(operator, output, inputs).addAttribute(list));
    return this;
  }

  /** A node with a number as its attribute. */
  public OnnxGraph nodeWithFloat(
      String operator, String attribute, float value, String output, String... inputs) {
    graph.addNode(
        builder(operator, output, inputs)
            .addAttribute(
                OnnxMl.AttributeProto.newBuilder()
                    .setName(attribute)
                    .setType(OnnxMl.AttributeProto.AttributeType.FLOAT)
                    .setF(value)));
    return this;
  }

  public byte[] toBytes() {
    OnnxMl.ModelProto.Builder model = OnnxMl.ModelProto.newBuilder();
    metadata.forEach((key, value) ->
        model.addMetadataProps(
            OnnxMl.StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model
        .setIrVersion(IR_VERSION)
        .setProducerName("tierwise")
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
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
