package io.tierwise.distill.encoder;

import io.tierwise.distill.train.Gradients.Parameter;
import java.util.function.IntUnaryOperator;

/**
 * A matrix in signed bytes, symmetric to [−127, 127]: value ≈ byte × scale.
 *
 * @param scales one a column, or one a row
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
record Int8Matrix(byte[] values, float[] scales) {

  /** One scale a column: what a product's output is multiplied by. */
  static Int8Matrix byColumn(Parameter matrix) {
    int columns = (int) matrix.shape()[1];
    return of(matrix.values(), columns, i -> i % columns);
  }

  /** One scale a row: for a table of which rows are looked up. */
  static Int8Matrix byRow(Parameter matrix) {
    int columns = (int) matrix.shape()[1];
    return of(matrix.values(), (int) matrix.shape()[0], i -> i / columns);
  }

  private static Int8Matrix of(float[] matrix, int groups, IntUnaryOperator group) {
    float[] scales = new float[groups];
    for (int i = 0; i < matrix.length; i++) {
      int of = group.applyAsInt(i);
      scales[of] = Math.max(scales[of], Math.abs(matrix[i]) / Byte.MAX_VALUE);
    }
    byte[] values = new byte[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      float scale = scales[group.applyAsInt(i)];
      values[i] = scale == 0 ? 0 : (byte) Math.round(matrix[i] / scale);
    }
    return new Int8Matrix(values, scales);
  }
}
