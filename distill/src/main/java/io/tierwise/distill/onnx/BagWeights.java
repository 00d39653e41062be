package io.tierwise.distill.onnx;

/**
 * The numbers of a bag student. The table is signed bytes, symmetric to [−127, 127], with one scale
 * per column: value ≈ byte × scale. A column's scale commutes with the weighted sum, so it goes
 * into the head and costs nothing at serving time.
 *
 * @param rarity [buckets]: what a feature's weight is multiplied by
 * @param table row-major [buckets, width]
 * @param scales [width]
 * @param head row-major [width, classes]
 * @param bias [classes]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
public record BagWeights(float[] rarity, byte[] table, float[] scales, float[] head, float[] bias) {

  /**
   * Quantizes a table; no value moves by more than half its column's scale.
   *
   * @param table row-major [buckets, width]
   */
  public static BagWeights quantized(
      float[] rarity, float[] table, int width, float[] head, float[] bias) {
    float[] scales = new float[width];
    for (int i = 0; i < table.length; i++) {
      scales[i % width] = Math.max(scales[i % width], Math.abs(table[i]) / Byte.MAX_VALUE);
    }
    byte[] values = new byte[table.length];
    for (int i = 0; i < table.length; i++) {
      float scale = scales[i % width];
      values[i] = scale == 0 ? 0 : (byte) Math.round(table[i] / scale);
    }
    return new BagWeights(rarity, values, scales, head, bias);
  }

  public int width() {
    return scales.length;
  }

  /** With the table's row at the bucket's number. */
  public BagGraph graph() {
    return new BagGraph(rarity, null, table, scaledHead(), bias);
  }

  /** The head as the graph holds it, for sums of bytes: row-major [width, classes]. */
  float[] scaledHead() {
    int classes = bias.length;
    float[] scaled = new float[head.length];
    for (int i = 0; i < head.length; i++) {
      scaled[i] = head[i] * scales[i / classes];
    }
    return scaled;
  }
}
