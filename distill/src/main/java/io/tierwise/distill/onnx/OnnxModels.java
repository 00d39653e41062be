package io.tierwise.distill.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;

/** The students' graphs. */
public final class OnnxModels {
  private OnnxModels() {}

  /**
   * A linear head: {@code features} float32 [batch, dimensions] → {@code logits} float32 [batch,
   * classes].
   *
   * @param weights row-major [dimensions, classes]
   * @param bias [classes]
   */
  public static byte[] linear(float[] weights, float[] bias) {
    int classes = bias.length;
    int dimensions = weights.length / classes;
    return new OnnxGraph("linear")
        .input("features", DataType.FLOAT, "batch", String.valueOf(dimensions))
        .output("logits", DataType.FLOAT, "batch", String.valueOf(classes))
        .floats("head.weight", weights, dimensions, classes)
        .floats("head.bias", bias, classes)
        .node("Gemm", "logits", "features", "head.weight", "head.bias")
        .toBytes();
  }

  /**
   * A bag of hashed features: {@code buckets} int64 [batch, width] and {@code weights} float32
   * [batch, width] → the weighted sum of the buckets' rows → a linear head → {@code logits} float32
   * [batch, classes]. Rows are int8 with one scale each, so rare and frequent features keep the same
   * relative precision.
   */
  public static byte[] bag(QuantizedTable table, float[] headWeights, float[] headBias) {
    int classes = headBias.length;
    return new OnnxGraph("bag")
        .input("buckets", DataType.INT64, "batch", "width")
        .input("weights", DataType.FLOAT, "batch", "width")
        .output("logits", DataType.FLOAT, "batch", String.valueOf(classes))
        .bytes("table", table.values(), table.rows(), table.width())
        .floats("table.scale", table.scales(), table.rows())
        .floats("head.weight", headWeights, table.width(), classes)
        .floats("head.bias", headBias, classes)
        .longs("axis.1", 1)
        .node("Gather", "rows.int8", "table", "buckets")
        .nodeWithInt("Cast", "to", DataType.FLOAT.getNumber(), "rows", "rows.int8")
        .node("Gather", "scales", "table.scale", "buckets")
        .node("Mul", "scaled.weights", "weights", "scales")
        .node("Unsqueeze", "weights.row", "scaled.weights", "axis.1")
        .node("MatMul", "sum.row", "weights.row", "rows")
        .node("Squeeze", "sum", "sum.row", "axis.1")
        .node("Gemm", "logits", "sum", "head.weight", "head.bias")
        .toBytes();
  }
}
