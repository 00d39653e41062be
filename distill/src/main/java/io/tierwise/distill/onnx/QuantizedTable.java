package io.tierwise.distill.onnx;

/**
 * An embedding table as signed bytes with one scale per row: value ≈ byte × scale. Symmetric, to
 * [−127, 127]; a row of zeros has scale 0.
 *
 * @param values row-major [rows, width]
 * @param scales [rows]
 */
public record QuantizedTable(byte[] values, float[] scales, int width) {
  public int rows() {
    return scales.length;
  }

  /**
   * @param table row-major [rows, width]
   */
  public static QuantizedTable of(float[] table, int width) {
    int rows = table.length / width;
    byte[] values = new byte[table.length];
    float[] scales = new float[rows];
    for (int row = 0; row < rows; row++) {
      float largest = 0;
      for (int i = row * width; i < (row + 1) * width; i++) {
        largest = Math.max(largest, Math.abs(table[i]));
      }
      if (largest == 0) {
        continue;
      }
      scales[row] = largest / 127;
      for (int i = row * width; i < (row + 1) * width; i++) {
        values[i] = (byte) Math.round(table[i] / scales[row]);
      }
    }
    return new QuantizedTable(values, scales, width);
  }

  /** The float that a cell stands for. */
  public float value(int row, int column) {
    return values[row * width + column] * scales[row];
  }
}
