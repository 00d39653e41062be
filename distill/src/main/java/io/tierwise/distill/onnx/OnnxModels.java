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
   * [batch, width] → each weight times its bucket's rarity, brought to unit L2 norm → the weighted
   * sum of the buckets' rows → a linear head → {@code logits} float32 [batch, classes]. Padding has
   * weight 0.
   */
  public static byte[] bag(BagWeights bag) {
    int classes = bag.bias().length;
    return new OnnxGraph("bag")
        .input("buckets", DataType.INT64, "batch", "width")
        .input("weights", DataType.FLOAT, "batch", "width")
        .output("logits", DataType.FLOAT, "batch", String.valueOf(classes))
        .floats("rarity", bag.rarity(), bag.rarity().length)
        .bytes("table", bag.table(), bag.rarity().length, bag.width())
        .floats("head.weight", bag.scaledHead(), bag.width(), classes)
        .floats("head.bias", bag.bias(), classes)
        .floats("least.norm", new float[] {1e-9f})
        .longs("axis.1", 1)
        .node("Gather", "rarities", "rarity", "buckets")
        .node("Mul", "rare.weights", "weights", "rarities")
        .node("Mul", "squares", "rare.weights", "rare.weights")
        .node("ReduceSum", "square.sum", "squares", "axis.1")
        .node("Sqrt", "norm", "square.sum")
        .node("Max", "safe.norm", "norm", "least.norm")
        .node("Div", "unit.weights", "rare.weights", "safe.norm")
        .node("Unsqueeze", "weights.row", "unit.weights", "axis.1")
        .node("Gather", "rows.int8", "table", "buckets")
        .nodeWithInt("Cast", "to", DataType.FLOAT.getNumber(), "rows", "rows.int8")
        .node("MatMul", "sum.row", "weights.row", "rows")
        .node("Squeeze", "sum", "sum.row", "axis.1")
        .node("Gemm", "logits", "sum", "head.weight", "head.bias")
        .toBytes();
  }
}
