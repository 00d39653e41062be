package io.tierwise.distill.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.tierwise.distill.Progress;
import io.tierwise.distill.train.Gradients.Scope;
import io.tierwise.distill.train.PyTorch;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An encoder on DJL's PyTorch engine, to run and not to train. */
final class EncoderRunner implements AutoCloseable {
  private static final int BATCH = 64;

  private final EncoderWeights weights;
  private final NDManager manager = PyTorch.engine().newBaseManager();
  private final Arena memory = Arena.ofShared();
  private final Map<String, NDArray> parameters = new HashMap<>();

  EncoderRunner(EncoderWeights weights) {
    this.weights = weights;
    Scope kept = Scope.over(manager, memory);
    weights
        .parameters()
        .forEach((name, parameter) -> {
          if (!name.equals(EncoderWeights.WORDS)) {
            parameters.put(name, kept.array(parameter.values(), parameter.shape()));
          }
        });
  }

  /** Hears the states of one text. */
  @FunctionalInterface
  interface States {
    /**
     * @param states row-major, {@code from} to before {@code end} being this text's rows
     */
    void of(int text, float[] states, int from, int end);
  }

  /** The states after the first {@code layers} layers, of every text. */
  void states(int[][] texts, int layers, Progress progress, States states) {
    int width = weights.dimensions();
    int[] lengths = Arrays.stream(texts).mapToInt(text -> text.length).toArray();
    long done = 0;
    for (int[] chosen : LengthBatches.inOrder(lengths, BATCH)) {
      TokenBatch batch = batch(texts, chosen);
      try (Arena passing = Arena.ofConfined();
          NDManager scope = manager.newSubManager()) {
        float[] values = forward(scope, passing, batch, layers).states().toFloatArray();
        for (int row = 0; row < chosen.length; row++) {
          int from = row * batch.length() * width;
          states.of(chosen[row], values, from, from + lengths[chosen[row]] * width);
        }
      }
      done += chosen.length;
      progress.report("encoding", done, texts.length);
    }
  }

  /** The mean of each text's last states: [texts][D]. */
  float[][] pooled(int[][] texts, Progress progress) {
    return rows(texts, progress, Pass::pooled);
  }

  /** [texts][classes]. */
  float[][] logits(int[][] texts, Progress progress) {
    return rows(texts, progress, pass -> pass.forward().logits(pass.pooled()));
  }

  /** Shows what each layer's matrices are multiplied by. Texts of one length share a batch. */
  void watch(int[][] texts, Progress progress, EncoderForward.Watcher watcher) {
    int[] lengths = Arrays.stream(texts).mapToInt(text -> text.length).toArray();
    long done = 0;
    for (int[] chosen : LengthBatches.inOrder(lengths, BATCH)) {
      Map<Integer, List<Integer>> byLength =
          Arrays.stream(chosen).boxed().collect(Collectors.groupingBy(text -> lengths[text]));
      for (List<Integer> same : byLength.values()) {
        int[] unpadded = same.stream().mapToInt(Integer::intValue).toArray();
        try (Arena passing = Arena.ofConfined();
            NDManager scope = manager.newSubManager()) {
          forward(scope, passing, batch(texts, unpadded), weights.layers(), watcher);
        }
      }
      done += chosen.length;
      progress.report("watching the states", done, texts.length);
    }
  }

  @Override
  public void close() {
    manager.close();
    memory.close();
  }

  /** One batch's way through the layers. */
  private record Pass(EncoderForward forward, NDArray states) {
    NDArray pooled() {
      return forward.pooled(states);
    }
  }

  private float[][] rows(int[][] texts, Progress progress, Function<Pass, NDArray> output) {
    float[][] rows = new float[texts.length][];
    int[] lengths = Arrays.stream(texts).mapToInt(text -> text.length).toArray();
    List<int[]> batches = LengthBatches.inOrder(lengths, BATCH);
    long done = 0;
    for (int[] chosen : batches) {
      try (Arena passing = Arena.ofConfined();
          NDManager scope = manager.newSubManager()) {
        NDArray result =
            output.apply(forward(scope, passing, batch(texts, chosen), weights.layers()));
        float[] values = result.toFloatArray();
        int width = values.length / chosen.length;
        for (int row = 0; row < chosen.length; row++) {
          rows[chosen[row]] = Arrays.copyOfRange(values, row * width, (row + 1) * width);
        }
      }
      done += chosen.length;
      progress.report("encoding", done, texts.length);
    }
    return rows;
  }

  private Pass forward(NDManager manager, Arena passing, TokenBatch batch, int layers) {
    return forward(manager, passing, batch, layers, (name, states) -> {});
  }

  private Pass forward(
      NDManager manager,
      Arena passing,
      TokenBatch batch,
      int layers,
      EncoderForward.Watcher watcher) {
    Scope scope = Scope.over(manager, passing);
    // What is computed belongs to the manager of its first operand, which here is the parameter.
    Map<String, NDArray> own = new HashMap<>(parameters);
    NDArray positions =
        Objects.requireNonNull(parameters.get(EncoderWeights.POSITIONS)).duplicate();
    positions.attach(manager);
    own.put(EncoderWeights.POSITIONS, positions);
    int width = weights.dimensions();
    float[] rows = batch.rows(weights.parameter(EncoderWeights.WORDS).values(), width);
    EncoderForward forward =
        new EncoderForward(scope, own, weights.heads(), batch.mask(scope), watcher);
    NDArray words = scope.array(rows, batch.touched().length, width);
    NDArray embeddings = forward.embeddings(words, batch.tokens(scope));
    return new Pass(forward, forward.layers(embeddings, 0, layers));
  }

  private static TokenBatch batch(int[][] texts, int[] chosen) {
    return TokenBatch.of(Arrays.stream(chosen).mapToObj(i -> texts[i]).toArray(int[][]::new));
  }
}
