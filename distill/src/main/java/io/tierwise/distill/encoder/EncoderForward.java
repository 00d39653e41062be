package io.tierwise.distill.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.norm.LayerNorm;
import io.tierwise.distill.train.Gradients.Scope;
import java.util.Map;

/**
 * An encoder's forward pass on DJL's PyTorch engine, for training and for checking exports. States
 * are flat: a row for each position of each text, [batch · length, D].
 */
final class EncoderForward {
  /** Added to the scores of padding before the softmax; BERT's own value is smaller, as good. */
  private static final float MASKED = -1e9f;

  private final Scope scope;
  private final Map<String, NDArray> parameters;
  private final Watcher watcher;
  private final int heads;
  private final NDArray mask;
  private final int batch;
  private final int length;

  /** Sees what each matrix is about to be multiplied by. */
  @FunctionalInterface
  interface Watcher {
    /**
     * @param states [rows, K], padding among them
     */
    void product(String name, NDArray states);
  }

  /**
   * @param scope makes the constants
   * @param mask float32 [batch, length]: 1 for tokens, 0 for padding
   */
  EncoderForward(Scope scope, Map<String, NDArray> parameters, int heads, NDArray mask) {
    this(scope, parameters, heads, mask, (name, states) -> {});
  }

  EncoderForward(
      Scope scope, Map<String, NDArray> parameters, int heads, NDArray mask, Watcher watcher) {
    this.scope = scope;
    this.parameters = parameters;
    this.watcher = watcher;
    this.heads = heads;
    this.mask = mask;
    this.batch = (int) mask.getShape().get(0);
    this.length = (int) mask.getShape().get(1);
  }

  /**
   * The states before the first layer.
   *
   * @param words [rows, D]: rows of the word table
   * @param tokens int64 [batch · length]: which of these rows each position has
   */
  NDArray embeddings(NDArray words, NDArray tokens) {
    int width = (int) words.getShape().get(1);
    NDArray index = tokens.reshape(-1, 1).broadcast(new Shape(tokens.size(), width));
    NDArray positions = get(EncoderWeights.POSITIONS).get("0:" + length);
    NDArray sum = words.gather(index, 0).reshape(batch, length, width).add(positions);
    return norm(sum.reshape(-1, width), EncoderWeights.EMBEDDING_NORM);
  }

  /** The states after the layers from {@code first} to before {@code end}. */
  NDArray layers(NDArray states, int first, int end) {
    NDArray at = states;
    for (int layer = first; layer < end; layer++) {
      at = layer(at, layer);
    }
    return at;
  }

  /** The mean of each text's states: [batch, D]. */
  NDArray pooled(NDArray states) {
    NDArray weights = mask.div(mask.sum(new int[] {1}, true)).reshape(batch, 1, length);
    return weights.matMul(states.reshape(batch, length, -1)).reshape(batch, -1);
  }

  /** [batch, classes]. */
  NDArray logits(NDArray pooled) {
    return dense(pooled, EncoderWeights.HEAD);
  }

  private NDArray layer(NDArray states, int layer) {
    NDArray context = dense(attention(states, layer), name(layer, EncoderWeights.CONTEXT));
    NDArray attended = norm(states.add(context), name(layer, EncoderWeights.ATTENTION_NORM));
    NDArray grown = Activation.gelu(dense(attended, name(layer, EncoderWeights.GROW)));
    NDArray shrunk = dense(grown, name(layer, EncoderWeights.SHRINK));
    return norm(attended.add(shrunk), name(layer, EncoderWeights.OUTPUT_NORM));
  }

  private NDArray attention(NDArray states, int layer) {
    long width = states.getShape().get(1);
    long size = width / heads;
    NDArray parts =
        dense(states, name(layer, EncoderWeights.ATTENTION))
            .reshape(batch, length, 3, heads, size)
            .transpose(2, 0, 3, 1, 4);
    NDArray query = parts.get(0);
    NDArray key = parts.get(1);
    NDArray value = parts.get(2);
    NDArray root = scope.number((float) Math.sqrt((double) size));
    NDArray scores = query.matMul(key.transpose(0, 1, 3, 2)).div(root);
    NDArray padding =
        mask.sub(scope.number(1)).mul(scope.number(-MASKED)).reshape(batch, 1, 1, length);
    NDArray weights = scores.add(padding).softmax(-1);
    return weights.matMul(value).transpose(0, 2, 1, 3).reshape(-1, width);
  }

  private NDArray dense(NDArray states, String name) {
    watcher.product(name, states);
    return states.matMul(get(name + ".weight")).add(get(name + ".bias"));
  }

  private NDArray norm(NDArray states, String name) {
    return LayerNorm.layerNorm(
            states,
            new Shape(states.getShape().get(1)),
            get(name + ".scale"),
            get(name + ".shift"),
            EncoderWeights.NORM_EPSILON)
        .singletonOrThrow();
  }

  private NDArray get(String name) {
    NDArray parameter = parameters.get(name);
    if (parameter == null) {
      throw new IllegalStateException("no array for " + name);
    }
    return parameter;
  }

  private static String name(int layer, String part) {
    return EncoderWeights.layer(layer, part);
  }
}
