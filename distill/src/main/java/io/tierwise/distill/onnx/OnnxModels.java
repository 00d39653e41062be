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

  /** A {@link BagGraph}, its table's row at the bucket's number. */
  public static byte[] bag(BagWeights bag) {
    return bag.graph().write();
  }
}
