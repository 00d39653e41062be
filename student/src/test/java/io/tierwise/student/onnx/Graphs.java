package io.tierwise.student.onnx;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import io.tierwise.student.feature.BagFeaturizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Small ONNX files for tests, of the forms that artifacts hold. */
public final class Graphs {
  private static final int IR_VERSION = 8;
  private static final int OPERATORS = 13;

  private Graphs() {}

  /**
   * An int8 bag: logits = (Σ weight · row[bucket] · scale) · head + bias.
   *
   * @param rows by bucket; the rest of the table is zero
   * @param head [width][classes]
   */
  public static byte[] bag(Map<Integer, byte[]> rows, float[] scale, float[][] head, float[] bias) {
    int width = scale.length;
    byte[] table = new byte[BagFeaturizer.BUCKETS * width];
    rows.forEach((bucket, row) -> System.arraycopy(row, 0, table, bucket * width, width));
    return bag(table, scale, head, bias);
  }

  /** The same over a whole table of {@link BagFeaturizer#BUCKETS} × width. */
  public static byte[] bag(byte[] table, float[] scale, float[][] head, float[] bias) {
    OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName("bag");
    graph.addInput(value("buckets", OnnxMl.TensorProto.DataType.INT64, -1, -1));
    graph.addInput(value("weights", OnnxMl.TensorProto.DataType.FLOAT, -1, -1));
    graph.addOutput(value("logits", OnnxMl.TensorProto.DataType.FLOAT, -1, bias.length));
    graph.addInitializer(bytes("table", table, BagFeaturizer.BUCKETS, scale.length));
    graph.addInitializer(floats("scale", scale, scale.length));
    graph.addInitializer(floats("head", flat(head), head.length, bias.length));
    graph.addInitializer(floats("bias", bias, bias.length));
    graph.addInitializer(longs("one", 1));
    graph.addNode(node("Gather", List.of("table", "buckets"), "rows"));
    graph.addNode(
        node("Cast", List.of("rows"), "floats")
            .addAttribute(attribute("to", OnnxMl.TensorProto.DataType.FLOAT_VALUE)));
    graph.addNode(node("Unsqueeze", List.of("weights", "one"), "row"));
    graph.addNode(node("MatMul", List.of("row", "floats"), "sum3"));
    graph.addNode(node("Squeeze", List.of("sum3", "one"), "sum"));
    graph.addNode(node("Mul", List.of("sum", "scale"), "hidden"));
    graph.addNode(node("Gemm", List.of("hidden", "head", "bias"), "logits"));
    return model(graph);
  }

  /**
   * A linear map: logits = features · weights + bias.
   *
   * @param weights [dimensions][classes]
   */
  public static byte[] linear(float[][] weights, float[] bias) {
    OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder().setName("linear");
    graph.addInput(value("features", OnnxMl.TensorProto.DataType.FLOAT, -1, weights.length));
    graph.addOutput(value("logits", OnnxMl.TensorProto.DataType.FLOAT, -1, bias.length));
    graph.addInitializer(floats("weights", flat(weights), weights.length, bias.length));
    graph.addInitializer(floats("bias", bias, bias.length));
    graph.addNode(node("Gemm", List.of("features", "weights", "bias"), "logits"));
    return model(graph);
  }

  private static byte[] model(OnnxMl.GraphProto.Builder graph) {
    return OnnxMl.ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(OPERATORS))
        .setGraph(graph)
        .build()
        .toByteArray();
  }

  private static OnnxMl.NodeProto.Builder node(
      String operator, List<String> inputs, String output) {
    return OnnxMl.NodeProto.newBuilder()
        .setOpType(operator)
        .setName(output)
        .addAllInput(inputs)
        .addOutput(output);
  }

  private static OnnxMl.AttributeProto attribute(String name, long value) {
    return OnnxMl.AttributeProto.newBuilder()
        .setName(name)
        .setType(OnnxMl.AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static OnnxMl.ValueInfoProto value(
      String name, OnnxMl.TensorProto.DataType type, long... dimensions) {
    OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
    for (int i = 0; i < dimensions.length; i++) {
      OnnxMl.TensorShapeProto.Dimension.Builder dimension = shape.addDimBuilder();
      if (dimensions[i] < 0) {
        dimension.setDimParam("d" + i);
      } else {
        dimension.setDimValue(dimensions[i]);
      }
    }
    OnnxMl.TypeProto.Tensor.Builder tensor =
        OnnxMl.TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
    return OnnxMl.ValueInfoProto.newBuilder()
        .setName(name)
        .setType(OnnxMl.TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static OnnxMl.TensorProto bytes(String name, byte[] values, long... dimensions) {
    return tensor(name, OnnxMl.TensorProto.DataType.INT8, ByteBuffer.wrap(values), dimensions);
  }

  private static OnnxMl.TensorProto floats(String name, float[] values, long... dimensions) {
    ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return tensor(name, OnnxMl.TensorProto.DataType.FLOAT, raw, dimensions);
  }

  private static OnnxMl.TensorProto longs(String name, long value) {
    ByteBuffer raw = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
    return tensor(name, OnnxMl.TensorProto.DataType.INT64, raw, 1);
  }

  private static OnnxMl.TensorProto tensor(
      String name, OnnxMl.TensorProto.DataType type, ByteBuffer raw, long... dimensions) {
    OnnxMl.TensorProto.Builder tensor =
        OnnxMl.TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(ByteString.copyFrom(raw));
    for (long dimension : dimensions) {
      tensor.addDims(dimension);
    }
    return tensor.build();
  }

  private static float[] flat(float[][] matrix) {
    float[] values = new float[matrix.length * matrix[0].length];
    for (int i = 0; i < matrix.length; i++) {
      System.arraycopy(matrix[i], 0, values, i * matrix[0].length, matrix[0].length);
    }
    return values;
  }
}
