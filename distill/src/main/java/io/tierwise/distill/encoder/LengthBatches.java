package io.tierwise.distill.encoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Batches of texts of about the same length, so that little is computed on padding. */
final class LengthBatches {
  private LengthBatches() {}

  /** Batches in the order of length, the same every time. */
  static List<int[]> inOrder(int[] lengths, int batch) {
    return batches(IntStream.range(0, lengths.length).boxed().toList(), lengths, batch);
  }

  /** Batches in random order; texts of one length meet others every time. */
  static List<int[]> shuffled(int[] lengths, int batch, Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, lengths.length).boxed().toList());
    Collections.shuffle(order, random);
    List<int[]> batches = batches(order, lengths, batch);
    Collections.shuffle(batches, random);
    return batches;
  }

  private static List<int[]> batches(List<Integer> order, int[] lengths, int batch) {
    int[] sorted =
        order.stream()
            .sorted(Comparator.comparingInt(text -> lengths[text]))
            .mapToInt(Integer::intValue)
            .toArray();
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < sorted.length; from += batch) {
      batches.add(Arrays.copyOfRange(sorted, from, Math.min(from + batch, sorted.length)));
    }
    return batches;
  }
}
