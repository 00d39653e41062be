package io.tierwise.student.feature;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A text as weighted buckets: the two arrays are parallel, no bucket is there twice, and the
 * weights have an L2 norm of 1. The arrays are handed out as they are, for speed; treat them as
 * immutable.
 *
 * @param buckets each in [0, {@link BagFeaturizer#BUCKETS}), in the order of first appearance
 * @param weights each above 0
 */
@SuppressWarnings("ArrayRecordComponent") // boxing 300 floats a text would cost more than the model
public record Bag(int[] buckets, float[] weights) implements Serializable {
  public int size() {
    return buckets.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bag that
        && Arrays.equals(buckets, that.buckets)
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(buckets) + Arrays.hashCode(weights);
  }

  @Override
  public String toString() {
    return "Bag[" + Arrays.toString(buckets) + ", " + Arrays.toString(weights) + "]";
  }
}
