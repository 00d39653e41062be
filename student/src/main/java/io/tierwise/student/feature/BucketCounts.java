package io.tierwise.student.feature;

import java.util.Arrays;

/**
 * How often each bucket was hit, in the order of first hits: an open-addressed table of positions
 * with linear probing, at most half full. Where families collide, the first to come names the
 * bucket.
 */
final class BucketCounts {
  private final int[] positions;
  private final int mask;
  private final int[] buckets;
  private final int[] counts;
  private final Family[] families;
  private int size;

  /**
   * @param most how many features will be added, at most
   */
  BucketCounts(int most) {
    int room = Math.min(most, BagFeaturizer.BUCKETS);
    positions = new int[Integer.highestOneBit(room) * 4];
    mask = positions.length - 1;
    buckets = new int[room];
    counts = new int[room];
    families = new Family[room];
  }

  void add(int bucket, Family family) {
    int slot = bucket & mask;
    while (positions[slot] != 0) {
      int position = positions[slot] - 1;
      if (buckets[position] == bucket) {
        counts[position]++;
        return;
      }
      slot = slot + 1 & mask;
    }
    buckets[size] = bucket;
    counts[size] = 1;
    families[size] = family;
    positions[slot] = ++size;
  }

  int size() {
    return size;
  }

  int[] buckets() {
    return Arrays.copyOf(buckets, size);
  }

  int count(int position) {
    return counts[position];
  }

  Family family(int position) {
    return families[position];
  }
}
