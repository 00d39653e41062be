package io.tierwise.distill.encoder;

import ai.djl.ndarray.NDArray;
import io.tierwise.distill.Progress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** How large the states are that each of an encoder's matrices is multiplied by. */
final class StateRanges {
  private StateRanges() {}

  /**
   * By product's name: the size that the given share of the values does not exceed, the largest
   * over all texts. Values beyond it are rare and are cut off, for the sake of the others' steps.
   */
  static Map<String, Float> measure(
      EncoderWeights weights, int[][] tokens, double share, Progress progress) {
    Map<String, Float> ranges = new HashMap<>();
    try (EncoderRunner runner = new EncoderRunner(weights)) {
      runner.watch(
          tokens,
          progress,
          (product, states) -> ranges.merge(product, size(states, share), Math::max));
    }
    return ranges;
  }

  private static float size(NDArray states, double share) {
    float[] values = states.abs().toFloatArray();
    Arrays.sort(values);
    int at = (int) Math.ceil(share * values.length) - 1;
    return Math.max(values[Math.max(0, at)], Float.MIN_NORMAL);
  }
}
