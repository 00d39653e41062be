package io.tierwise.distill.onnx;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tierwise.distill.mlp.Dense;
import io.tierwise.distill.mlp.Mlp;
import io.tierwise.router.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The graphs of perceptrons: {@code features} float32 [batch, dimensions] → {@code logits} float32
 * [batch, classes].
 */
public final class MlpModels {
  private static final String FEATURES = "features";
  private static final String LOGITS = "logits";

  private MlpModels() {}

  /** In single precision, as trained. */
  public static byte[] floats(Mlp mlp) {
    OnnxGraph graph = graph("mlp", mlp);
    String from = FEATURES;
    for (int i = 0; i < mlp.layers().size(); i++) {
      Dense layer = mlp.layers().get(i);
      graph
          .floats(weight(i), layer.weights(), layer.inputs(), layer.outputs())
          .floats(bias(i), layer.bias(), layer.outputs())
          .node("Gemm", sum(mlp, i), from, weight(i), bias(i));
      from = rectified(graph, mlp, i);
    }
    return graph.toBytes();
  }

  /**
   * The perceptron that {@link #floats} wrote.
   *
   * @param place for messages
   * @throws InvalidValueException where the graph is another
   */
  public static Mlp read(String place, byte[] onnx) {
    OnnxMl.GraphProto graph;
    try {
      graph = OnnxMl.ModelProto.parseFrom(onnx).getGraph();
    } catch (InvalidProtocolBufferException e) {
      throw new InvalidValueException(place, "it is no ONNX file", "give a trained mlp");
    }
    Map<String, OnnxMl.TensorProto> constants = OnnxConstants.byName(graph);
    List<Dense> layers = new ArrayList<>();
    for (OnnxMl.NodeProto node : graph.getNodeList()) {
      switch (node.getOpType()) {
        case "Gemm" -> layers.add(dense(place, node, constants));
        case "Relu" -> {
          Dense last = layers.removeLast();
          layers.add(new Dense(last.inputs(), last.weights(), last.bias(), true));
        }
        default ->
            throw new InvalidValueException(
                place,
                "its graph holds " + node.getOpType() + ", so it is no mlp in single precision",
                "give the artifact from before it was quantized, compiled or fused");
      }
    }
    return new Mlp(layers);
  }

  private static Dense dense(
      String place, OnnxMl.NodeProto node, Map<String, OnnxMl.TensorProto> constants) {
    OnnxMl.TensorProto weights = constants.get(node.getInput(1));
    OnnxMl.TensorProto bias = constants.get(node.getInput(2));
    if (weights == null || bias == null || weights.getDimsCount() != 2) {
      throw new InvalidValueException(
          place, "node " + node.getName() + " has no constant weights", "give a trained mlp");
    }
    return new Dense(
        Math.toIntExact(weights.getDims(0)),
        OnnxConstants.floats(weights),
        OnnxConstants.floats(bias),
        false);
  }

  /**
   * Weights as signed bytes with a scale for every output, inputs of each layer as unsigned bytes
   * whose scale is found anew for every batch.
   */
  public static byte[] int8Dynamic(Mlp mlp) {
    OnnxGraph graph = graph("mlp.int8.dynamic", mlp);
    String from = FEATURES;
    for (int i = 0; i < mlp.layers().size(); i++) {
      String at = "layer." + i + ".";
      quantizedWeights(graph, mlp.layers().get(i), i);
      graph
          .nodeOf(
              "DynamicQuantizeLinear",
              List.of(at + "input", at + "input.scale", at + "input.zero"),
              from)
          .node(
              "MatMulInteger", at + "product", at + "input", weight(i), at + "input.zero", zero(i))
          .nodeWithInt(
              "Cast", "to", DataType.FLOAT.getNumber(), at + "product.float", at + "product")
          .node("Mul", at + "scales", at + "input.scale", scale(i))
          .node("Mul", at + "scaled", at + "product.float", at + "scales")
          .node("Add", sum(mlp, i), at + "scaled", bias(i));
      from = rectified(graph, mlp, i);
    }
    return graph.toBytes();
  }

  /**
   * Weights as signed bytes with a scale for every output, inputs of each layer as unsigned bytes
   * whose range was seen on real inputs: quantize and dequantize nodes around every product, which
   * the runtime fuses.
   *
   * @param ranges of each layer's inputs
   */
  public static byte[] int8Static(Mlp mlp, List<Range> ranges) {
    OnnxGraph graph = graph("mlp.int8.static", mlp);
    String from = FEATURES;
    for (int i = 0; i < mlp.layers().size(); i++) {
      String at = "layer." + i + ".";
      Range range = ranges.get(i);
      quantizedWeights(graph, mlp.layers().get(i), i);
      graph
          .floats(at + "input.scale", new float[] {range.scale()})
          .unsignedBytes(at + "input.zero", new byte[] {(byte) range.zero()})
          .node("QuantizeLinear", at + "input", from, at + "input.scale", at + "input.zero")
          .node(
              "DequantizeLinear",
              at + "input.float",
              at + "input",
              at + "input.scale",
              at + "input.zero")
          .nodeWithInt(
              "DequantizeLinear", "axis", 1, at + "weight.float", weight(i), scale(i), zero(i))
          .node("MatMul", at + "product", at + "input.float", at + "weight.float")
          .node("Add", sum(mlp, i), at + "product", bias(i));
      from = rectified(graph, mlp, i);
    }
    return graph.toBytes();
  }

  /**
   * The values that a layer's inputs take; 0 is always among them.
   *
   * @param least at most 0
   * @param most at least 0
   */
  public record Range(float least, float most) {
    private static final float LEVELS = 255;

    public Range {
      if (!(least <= 0 && most >= 0 && most > least)) {
        throw new InvalidValueException(
            "range", least + " to " + most, "give one that is not empty and holds 0");
      }
    }

    float scale() {
      return (most - least) / LEVELS;
    }

    int zero() {
      return Math.clamp(Math.round(-least / scale()), 0, (int) LEVELS);
    }
  }

  /** Symmetric, with a scale for every column. */
  private static void quantizedWeights(OnnxGraph graph, Dense layer, int index) {
    int outputs = layer.outputs();
    float[] scales = new float[outputs];
    float[] weights = layer.weights();
    for (int k = 0; k < weights.length; k++) {
      scales[k % outputs] = Math.max(scales[k % outputs], Math.abs(weights[k]) / Byte.MAX_VALUE);
    }
    byte[] values = new byte[weights.length];
    for (int k = 0; k < weights.length; k++) {
      float scale = scales[k % outputs];
      values[k] = scale == 0 ? 0 : (byte) Math.round(weights[k] / scale);
    }
    for (int j = 0; j < outputs; j++) {
      scales[j] = scales[j] == 0 ? 1 : scales[j];
    }
    graph
        .bytes(weight(index), values, layer.inputs(), outputs)
        .floats(scale(index), scales, outputs)
        .bytes(zero(index), new byte[outputs], outputs)
        .floats(bias(index), layer.bias(), outputs);
  }

  private static OnnxGraph graph(String name, Mlp mlp) {
    return new OnnxGraph(name)
        .input(FEATURES, DataType.FLOAT, "batch", String.valueOf(mlp.inputs()))
        .output(LOGITS, DataType.FLOAT, "batch", String.valueOf(mlp.classes()));
  }

  private static String rectified(OnnxGraph graph, Mlp mlp, int layer) {
    if (!mlp.layers().get(layer).rectified()) {
      return sum(mlp, layer);
    }
    graph.node("Relu", "layer." + layer + ".output", sum(mlp, layer));
    return "layer." + layer + ".output";
  }

  private static String sum(Mlp mlp, int layer) {
    return layer == mlp.layers().size() - 1 ? LOGITS : "layer." + layer + ".sum";
  }

  private static String weight(int layer) {
    return "layer." + layer + ".weight";
  }

  private static String bias(int layer) {
    return "layer." + layer + ".bias";
  }

  private static String scale(int layer) {
    return "layer." + layer + ".weight.scale";
  }

  private static String zero(int layer) {
    return "layer." + layer + ".weight.zero";
  }
}
