package io.tierwise.distill.encoder;

import ai.onnx.proto.OnnxMl;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.CodedInputStream;
import io.tierwise.distill.onnx.OnnxConstants;
import io.tierwise.distill.onnx.OnnxGraph;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/**
 * An encoder as an ONNX file: {@code input_ids} and {@code attention_mask} int64 [batch, length] →
 * {@code logits} float32 [batch, classes]. At opset 17, the first with LayerNormalization. The
 * numbers keep their names, so a file in single precision can be read back.
 */
final class EncoderGraph {
  private static final int OPSET = 17;
  private static final String HEADS = "tierwise.encoder.heads";
  private static final float MASKED = 1e9f;

  private final EncoderWeights weights;
  private final Products products;
  private final OnnxGraph graph;

  private EncoderGraph(EncoderWeights weights, Products products) {
    this.weights = weights;
    this.products = products;
    this.graph = new OnnxGraph("encoder", OPSET).metadata(HEADS, Integer.toString(weights.heads()));
  }

  static byte[] write(EncoderWeights weights, Products products) {
    return new EncoderGraph(weights, products).write();
  }

  /**
   * @param place for messages
   * @throws InvalidValueException where {@link #write} did not write it in single precision
   */
  static EncoderWeights read(String place, byte[] file) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(file);
    in.setSizeLimit(Integer.MAX_VALUE);
    OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(in);
    SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    for (OnnxMl.TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensor.getDataType() == DataType.FLOAT.getNumber() && named(tensor.getName())) {
        parameters.put(tensor.getName(), parameter(tensor));
      }
    }
    String heads =
        model.getMetadataPropsList().stream()
            .filter(property -> property.getKey().equals(HEADS))
            .map(OnnxMl.StringStringEntryProto::getValue)
            .findFirst()
            .orElse("");
    if (heads.isEmpty() || !parameters.containsKey(EncoderWeights.WORDS)) {
      throw new InvalidValueException(
          place,
          "it holds no encoder in single precision",
          "give the artifact of a job before quantization");
    }
    return new EncoderWeights(Integer.parseInt(heads), parameters);
  }

  private byte[] write() {
    graph
        .input("input_ids", DataType.INT64, "batch", "length")
        .input("attention_mask", DataType.INT64, "batch", "length")
        .output("logits", DataType.FLOAT, "batch", Integer.toString(weights.classes()));
    constants();
    embeddings();
    String states = "embeddings";
    for (int layer = 0; layer < weights.layers(); layer++) {
      states = layer(states, layer);
    }
    head(states);
    return graph.toBytes();
  }

  private void constants() {
    long width = weights.dimensions();
    graph
        .longs("axis.0", 0)
        .longs("axis.1", 1)
        .longs("axes.1.2", 1, 2)
        .longs("flat", -1, width)
        .longs("width", width)
        .scalar("part.query", 0)
        .scalar("part.key", 1)
        .scalar("part.value", 2)
        .scalar("one", 1f)
        .scalar("half", 0.5f)
        .scalar("root.2", (float) Math.sqrt(2))
        .scalar("masked", MASKED)
        .scalar("score.scale", (float) (1 / Math.sqrt((double) width / weights.heads())))
        .node("Shape", "shape", "input_ids")
        .node("Gather", "length", "shape", "axis.1");
  }

  private void embeddings() {
    Parameter positions = weights.parameter(EncoderWeights.POSITIONS);
    products.lookUp(graph, weights.parameter(EncoderWeights.WORDS));
    graph
        .floats(EncoderWeights.POSITIONS, positions.values(), positions.shape())
        .node("Slice", "positions.rows", EncoderWeights.POSITIONS, "axis.0", "length", "axis.0")
        .node("Add", "embeddings.sum", "words.rows", "positions.rows")
        .node("Reshape", "embeddings.flat", "embeddings.sum", "flat");
    norm(EncoderWeights.EMBEDDING_NORM, "embeddings.flat", "embeddings");
    graph
        .nodeWithInt("Cast", "to", DataType.FLOAT.getNumber(), "mask", "attention_mask")
        .node("Sub", "mask.less", "mask", "one")
        .node("Mul", "mask.scores", "mask.less", "masked")
        .node("Unsqueeze", "padding", "mask.scores", "axes.1.2");
    // Layers with as many heads share the shapes of their attention.
    IntStream.range(0, weights.layers())
        .map(weights::heads)
        .distinct()
        .forEach(heads ->
            graph
                .longs("parts." + heads, 3, heads, weights.headSize())
                .longs("joined." + heads, -1, (long) heads * weights.headSize())
                .nodeWithInt("Concat", "axis", 0, shape(heads), "shape", "parts." + heads));
  }

  private static String shape(int heads) {
    return "parts." + heads + ".shape";
  }

  private String layer(String states, int number) {
    String layer = EncoderWeights.layer(number, "");
    attention(states, layer, weights.heads(number));
    dense(layer + EncoderWeights.CONTEXT, layer + "attended");
    graph.node("Add", layer + "context.sum", states, layer + EncoderWeights.CONTEXT + ".output");
    String middle = layer + "middle";
    norm(layer + EncoderWeights.ATTENTION_NORM, layer + "context.sum", middle);
    dense(layer + EncoderWeights.GROW, middle);
    gelu(layer + EncoderWeights.GROW + ".output", layer + "grown");
    dense(layer + EncoderWeights.SHRINK, layer + "grown");
    graph.node("Add", layer + "output.sum", middle, layer + EncoderWeights.SHRINK + ".output");
    norm(layer + EncoderWeights.OUTPUT_NORM, layer + "output.sum", layer + "states");
    return layer + "states";
  }

  private void attention(String states, String layer, int heads) {
    String name = layer + EncoderWeights.ATTENTION;
    dense(name, states);
    graph
        .node("Reshape", name + ".apart", name + ".output", shape(heads))
        .nodeWithInts(
            "Transpose", "perm", new long[] {2, 0, 3, 1, 4}, name + ".parts", name + ".apart")
        .node("Gather", name + ".query", name + ".parts", "part.query")
        .node("Gather", name + ".key", name + ".parts", "part.key")
        .node("Gather", name + ".value", name + ".parts", "part.value")
        .nodeWithInts(
            "Transpose", "perm", new long[] {0, 1, 3, 2}, name + ".key.turned", name + ".key")
        .node("MatMul", name + ".scores.raw", name + ".query", name + ".key.turned")
        .node("Mul", name + ".scores", name + ".scores.raw", "score.scale")
        .node("Add", name + ".scores.padded", name + ".scores", "padding")
        .nodeWithInt("Softmax", "axis", -1, name + ".weights", name + ".scores.padded")
        .node("MatMul", name + ".mixed", name + ".weights", name + ".value")
        .nodeWithInts(
            "Transpose", "perm", new long[] {0, 2, 1, 3}, name + ".joined", name + ".mixed")
        .node("Reshape", layer + "attended", name + ".joined", "joined." + heads);
  }

  private void head(String states) {
    Parameter head = weights.parameter(EncoderWeights.HEAD + ".weight");
    Parameter bias = weights.parameter(EncoderWeights.HEAD + ".bias");
    graph
        .floats(EncoderWeights.HEAD + ".weight", head.values(), head.shape())
        .floats(EncoderWeights.HEAD + ".bias", bias.values(), bias.shape())
        .nodeWithInt("Concat", "axis", 0, "states.shape", "shape", "width")
        .node("Reshape", "states", states, "states.shape")
        .node("ReduceSum", "mask.sum", "mask", "axis.1")
        .node("Div", "mask.share", "mask", "mask.sum")
        .node("Unsqueeze", "mask.row", "mask.share", "axis.1")
        .node("MatMul", "mean.row", "mask.row", "states")
        .node("Squeeze", "mean", "mean.row", "axis.1")
        .node(
            "Gemm",
            "logits",
            "mean",
            EncoderWeights.HEAD + ".weight",
            EncoderWeights.HEAD + ".bias");
  }

  /** {@code name.output} = states · matrix + bias. */
  private void dense(String name, String states) {
    Parameter bias = weights.parameter(name + ".bias");
    products.multiply(graph, name, states, weights.parameter(name + ".weight"));
    graph
        .floats(name + ".bias", bias.values(), bias.shape())
        .node("Add", name + ".output", name + ".product", name + ".bias");
  }

  private void norm(String name, String from, String to) {
    Parameter scale = weights.parameter(name + ".scale");
    Parameter shift = weights.parameter(name + ".shift");
    graph
        .floats(name + ".scale", scale.values(), scale.shape())
        .floats(name + ".shift", shift.values(), shift.shape())
        .nodeWithFloat(
            "LayerNormalization",
            "epsilon",
            EncoderWeights.NORM_EPSILON,
            to,
            from,
            name + ".scale",
            name + ".shift");
  }

  /** x/2 · (1 + erf(x/√2)), node by node: GELU is no operator at this opset. */
  private void gelu(String from, String to) {
    graph
        .node("Div", to + ".scaled", from, "root.2")
        .node("Erf", to + ".erf", to + ".scaled")
        .node("Add", to + ".erf.1", to + ".erf", "one")
        .node("Mul", to + ".double", from, to + ".erf.1")
        .node("Mul", to, to + ".double", "half");
  }

  private static boolean named(String name) {
    return name.equals(EncoderWeights.WORDS)
        || name.equals(EncoderWeights.POSITIONS)
        || name.startsWith(EncoderWeights.EMBEDDING_NORM)
        || name.startsWith(EncoderWeights.HEAD)
        || name.startsWith("layer.");
  }

  private static Parameter parameter(OnnxMl.TensorProto tensor) {
    return new Parameter(
        OnnxConstants.floats(tensor),
        tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
  }
}
