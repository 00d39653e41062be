package io.tierwise.distill.onnx;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.InvalidProtocolBufferException;
import io.tierwise.router.InvalidValueException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bag of hashed features as an ONNX file: {@code buckets} int64 [batch, width] and {@code
 * weights} float32 [batch, width] → each weight times its bucket's rarity, brought to unit L2 norm
 * → the weighted sum of the buckets' rows → a linear head → {@code logits} float32 [batch,
 * classes]. Padding has weight 0.
 *
 * @param rarity [buckets]: what a feature's weight is multiplied by
 * @param places [buckets]: the table's row of each bucket; null where that is the bucket's number
 * @param table row-major [rows, width], one scale a column, which the head holds
 * @param head row-major [width, classes], for sums of bytes
 * @param bias [classes]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
public record BagGraph(
    float[] rarity, int @Nullable [] places, byte[] table, float[] head, float[] bias) {
  private static final String RARITY = "rarity";
  private static final String PLACES = "places";
  private static final String TABLE = "table";
  private static final String HEAD = "head.weight";
  private static final String BIAS = "head.bias";

  /** What the graphs of this class are made of; one of anything else was made by another job. */
  private static final Set<String> NODES =
      Set.of(
          "Gather",
          "Mul",
          "ReduceSum",
          "Sqrt",
          "Max",
          "Div",
          "Unsqueeze",
          "Cast",
          "MatMul",
          "Squeeze",
          "Gemm");

  public int buckets() {
    return rarity.length;
  }

  public int classes() {
    return bias.length;
  }

  public int width() {
    return head.length / bias.length;
  }

  public int rows() {
    return table.length / width();
  }

  /** The table's row of a bucket. */
  public int place(int bucket) {
    return places == null ? bucket : places[bucket];
  }

  public byte[] write() {
    int classes = classes();
    OnnxGraph graph =
        new OnnxGraph("bag")
            .input("buckets", DataType.INT64, "batch", "width")
            .input("weights", DataType.FLOAT, "batch", "width")
            .output("logits", DataType.FLOAT, "batch", String.valueOf(classes))
            .floats(RARITY, rarity, rarity.length)
            .bytes(TABLE, table, rows(), width())
            .floats(HEAD, head, width(), classes)
            .floats(BIAS, bias, classes)
            .floats("least.norm", new float[] {1e-9f})
            .longs("axis.1", 1)
            .node("Gather", "rarities", RARITY, "buckets")
            .node("Mul", "rare.weights", "weights", "rarities")
            .node("Mul", "squares", "rare.weights", "rare.weights")
            .node("ReduceSum", "square.sum", "squares", "axis.1")
            .node("Sqrt", "norm", "square.sum")
            .node("Max", "safe.norm", "norm", "least.norm")
            .node("Div", "unit.weights", "rare.weights", "safe.norm")
            .node("Unsqueeze", "weights.row", "unit.weights", "axis.1");
    String rows = "buckets";
    if (places != null) {
      graph.integers(PLACES, places, places.length).node("Gather", "rows.at", PLACES, "buckets");
      rows = "rows.at";
    }
    return graph
        .node("Gather", "rows.int8", TABLE, rows)
        .nodeWithInt("Cast", "to", DataType.FLOAT.getNumber(), "rows", "rows.int8")
        .node("MatMul", "sum.row", "weights.row", "rows")
        .node("Squeeze", "sum", "sum.row", "axis.1")
        .node("Gemm", "logits", "sum", HEAD, BIAS)
        .toBytes();
  }

  /**
   * What {@link #write} wrote.
   *
   * @param place for messages
   * @throws InvalidValueException where the graph is another
   */
  public static BagGraph read(String place, byte[] onnx) {
    OnnxMl.GraphProto graph;
    try {
      graph = OnnxMl.ModelProto.parseFrom(onnx).getGraph();
    } catch (InvalidProtocolBufferException e) {
      throw new InvalidValueException(place, "it is no ONNX file", "give a bag student");
    }
    Map<String, OnnxMl.TensorProto> constants = OnnxConstants.byName(graph);
    Set<String> nodes =
        graph.getNodeList().stream()
            .map(OnnxMl.NodeProto::getOpType)
            .collect(Collectors.toUnmodifiableSet());
    if (!constants.keySet().containsAll(List.of(RARITY, TABLE, HEAD, BIAS))
        || !NODES.containsAll(nodes)) {
      throw new InvalidValueException(
          place, "its graph is no single bag", "give the artifact from before it was fused");
    }
    return new BagGraph(
        OnnxConstants.floats(constant(constants, RARITY)),
        constants.containsKey(PLACES) ? OnnxConstants.integers(constant(constants, PLACES)) : null,
        constant(constants, TABLE).getRawData().toByteArray(),
        OnnxConstants.floats(constant(constants, HEAD)),
        OnnxConstants.floats(constant(constants, BIAS)));
  }

  private static OnnxMl.TensorProto constant(
      Map<String, OnnxMl.TensorProto> constants, String name) {
    OnnxMl.TensorProto constant = constants.get(name);
    if (constant == null) {
      throw new IllegalStateException("no constant " + name);
    }
    return constant;
  }
}
