package io.tierwise.distill.encoder;

import ai.djl.ndarray.NDArray;
import io.tierwise.distill.train.Gradients.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Some texts side by side, padded to the longest with token 0.
 *
 * @param touched the different tokens of the batch, in the order they come up
 * @param places [texts · length]: which of {@code touched} each position has
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the engine, never compared
record TokenBatch(int[] lengths, int length, int[] touched, long[] places) {

  static TokenBatch of(int[][] texts) {
    int[] lengths = Arrays.stream(texts).mapToInt(text -> text.length).toArray();
    int length = Arrays.stream(lengths).max().orElse(1);
    Map<Integer, Integer> numbers = new LinkedHashMap<>();
    long[] places = new long[texts.length * length];
    for (int row = 0; row < texts.length; row++) {
      for (int i = 0; i < length; i++) {
        int token = i < texts[row].length ? texts[row][i] : 0;
        places[row * length + i] = numbers.computeIfAbsent(token, t -> numbers.size());
      }
    }
    int[] touched = numbers.keySet().stream().mapToInt(Integer::intValue).toArray();
    return new TokenBatch(lengths, length, touched, places);
  }

  NDArray mask(Scope scope) {
    float[] mask = new float[lengths.length * length];
    for (int row = 0; row < lengths.length; row++) {
      Arrays.fill(mask, row * length, row * length + lengths[row], 1);
    }
    return scope.array(mask, lengths.length, length);
  }

  NDArray tokens(Scope scope) {
    return scope.array(places, places.length);
  }

  /** The touched rows of a table, row-major. */
  float[] rows(float[] table, int width) {
    float[] rows = new float[touched.length * width];
    for (int t = 0; t < touched.length; t++) {
      System.arraycopy(table, touched[t] * width, rows, t * width, width);
    }
    return rows;
  }
}
