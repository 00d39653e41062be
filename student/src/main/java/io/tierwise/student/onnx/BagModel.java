package io.tierwise.student.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A bag of hashed features computed straight from its table: the weighted sum of a hundred rows of
 * 32 bytes, and one linear head. A call into a runtime and fourteen nodes cost several times what
 * those sums do, and a process that serves only bags needs no native library at all.
 *
 * <p>{@code weight ← weight · rarity[bucket]}, brought to unit L2 norm; {@code sum ← Σ weight ·
 * table[row of bucket]}; {@code logits ← sum · head + bias}. Thread-safe.
 */
public final class BagModel implements Graph {
  private static final String RARITY = "rarity";
  private static final String PLACES = "places";
  private static final String TABLE = "table";
  private static final String HEAD = "head.weight";
  private static final String BIAS = "head.bias";
  private static final String LEAST_NORM = "least.norm";

  /** The nodes of a bag; nothing else is computed here. */
  private static final List<String> NODES =
      List.of(
          "Gather rarity buckets > rarities",
          "Mul weights rarities > rare.weights",
          "Mul rare.weights rare.weights > squares",
          "ReduceSum squares axis.1 > square.sum",
          "Sqrt square.sum > norm",
          "Max norm least.norm > safe.norm",
          "Div rare.weights safe.norm > unit.weights",
          "Unsqueeze unit.weights axis.1 > weights.row",
          "Gather table buckets > rows.int8",
          "Cast rows.int8 > rows",
          "MatMul weights.row rows > sum.row",
          "Squeeze sum.row axis.1 > sum",
          "Gemm sum head.weight head.bias > logits");

  private static final String PLACES_NODE = "Gather places buckets > rows.at";
  private static final String PLACED_ROWS = "Gather table rows.at > rows.int8";

  private final String name;
  private final float[] rarity;

  /** Of each bucket its row; empty where that is the bucket's number. */
  private final int[] places;

  private final byte[] file;

  /** Where the table begins in the file. */
  private final int table;

  private final float[] head;
  private final float[] bias;
  private final float leastNorm;
  private volatile boolean closed;

  private BagModel(String name, byte[] file, OnnxFile read) {
    this.name = name;
    this.file = file;
    this.rarity = floats(read.constant(RARITY));
    this.places = integers(read.constant(PLACES));
    this.table = read.constant(TABLE).arrayOffset();
    this.head = floats(read.constant(HEAD));
    this.bias = floats(read.constant(BIAS));
    this.leastNorm = read.constant(LEAST_NORM).getFloat(0);
  }

  /**
   * A bag, or empty where the file holds anything else, which is ONNX Runtime's. Both give the same
   * values within single precision.
   *
   * @param name for messages and refusals
   * @param onnx must not change afterwards: the table is read where it lies
   */
  public static Optional<BagModel> read(String name, byte[] onnx) {
    OnnxFile read;
    try {
      read = OnnxFile.read(onnx);
    } catch (IOException _) {
      return Optional.empty(); // ONNX Runtime says what is wrong with it
    }
    return read.nodes().equals(nodes(read)) && fits(read)
        ? Optional.of(new BagModel(name, onnx, read))
        : Optional.empty();
  }

  @Override
  public Output forward(Tensor... inputs) {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
    Tensor.Longs buckets = null;
    Tensor.Floats weights = null;
    for (Tensor input : inputs) {
      switch (input) {
        case Tensor.Longs longs -> buckets = longs;
        case Tensor.Floats floats -> weights = floats;
      }
    }
    if (buckets == null || weights == null || inputs.length != 2) {
      throw new IllegalStateException(name + " reads buckets and weights");
    }
    int rows = buckets.rows();
    float[] logits = new float[rows * bias.length];
    for (int row = 0; row < rows; row++) {
      int at = row * buckets.columns();
      head(sum(buckets.values(), weights.values(), at, buckets.columns()), logits, row);
    }
    return new Output(logits, new long[] {rows, bias.length});
  }

  /** Nothing is held outside the heap. */
  @Override
  public void close() {
    closed = true;
  }

  private float[] sum(long[] buckets, float[] weights, int from, int count) {
    int width = head.length / bias.length;
    float[] sum = new float[width];
    float squares = 0;
    for (int i = from; i < from + count; i++) {
      long bucket = buckets[i];
      if (bucket < 0 || bucket >= rarity.length) {
        throw new IllegalStateException(name + " has no bucket " + bucket);
      }
      float weight = weights[i] * rarity[(int) bucket];
      squares += weight * weight;
      int row = table + width * (places.length == 0 ? (int) bucket : places[(int) bucket]);
      for (int d = 0; d < width; d++) {
        sum[d] += weight * file[row + d];
      }
    }
    float norm = Math.max((float) Math.sqrt(squares), leastNorm);
    for (int d = 0; d < width; d++) {
      sum[d] /= norm;
    }
    return sum;
  }

  private void head(float[] sum, float[] logits, int row) {
    int classes = bias.length;
    int at = row * classes;
    System.arraycopy(bias, 0, logits, at, classes);
    for (int d = 0; d < sum.length; d++) {
      float value = sum[d];
      int from = d * classes;
      for (int c = 0; c < classes; c++) {
        logits[at + c] += value * head[from + c];
      }
    }
  }

  private static List<String> nodes(OnnxFile read) {
    if (!read.constant(PLACES).hasRemaining()) {
      return NODES;
    }
    List<String> nodes = new ArrayList<>(NODES);
    int rows = nodes.indexOf("Gather table buckets > rows.int8");
    nodes.set(rows, PLACED_ROWS);
    nodes.add(rows, PLACES_NODE);
    return nodes;
  }

  /** Whether every constant is there, whole, and no row lies outside the table. */
  private static boolean fits(OnnxFile read) {
    int bias = read.constant(BIAS).remaining();
    int head = read.constant(HEAD).remaining();
    ByteBuffer table = read.constant(TABLE);
    if (bias == 0 || head == 0 || head % bias != 0 || !table.hasArray()) {
      return false;
    }
    int buckets = read.constant(RARITY).remaining() / Float.BYTES;
    int rows = table.remaining() / (head / bias);
    int[] places = integers(read.constant(PLACES));
    boolean inside =
        places.length == 0
            ? rows == buckets
            : places.length == buckets
                && Arrays.stream(places).allMatch(place -> place >= 0 && place < rows);
    return inside && read.constant(LEAST_NORM).remaining() == Float.BYTES;
  }

  private static float[] floats(ByteBuffer raw) {
    float[] values = new float[raw.remaining() / Float.BYTES];
    raw.asFloatBuffer().get(values);
    return values;
  }

  private static int[] integers(ByteBuffer raw) {
    int[] values = new int[raw.remaining() / Integer.BYTES];
    raw.asIntBuffer().get(values);
    return values;
  }
}
