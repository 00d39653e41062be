package io.tierwise.distill.bag;

import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.util.Arrays;
import java.util.List;

/**
 * What a feature's weight is multiplied by: the square root of its smoothed inverse document
 * frequency, √(1 + ln((n+1)/(df+1))). The root keeps the rarest features from drowning the rest.
 */
final class Rarity {
  private final float[] byBucket;
  private final boolean[] seen;

  private Rarity(float[] byBucket, boolean[] seen) {
    this.byBucket = byBucket;
    this.seen = seen;
  }

  static Rarity of(List<Bag> training) {
    int[] frequency = new int[BagFeaturizer.BUCKETS];
    for (Bag bag : training) {
      for (int bucket : bag.buckets()) {
        frequency[bucket]++;
      }
    }
    float[] byBucket = new float[BagFeaturizer.BUCKETS];
    boolean[] seen = new boolean[BagFeaturizer.BUCKETS];
    for (int bucket = 0; bucket < byBucket.length; bucket++) {
      double inverse = Math.log((training.size() + 1.0) / (frequency[bucket] + 1.0));
      byBucket[bucket] = (float) Math.sqrt(1 + inverse);
      seen[bucket] = frequency[bucket] > 0;
    }
    return new Rarity(byBucket, seen);
  }

  /** The same bag with rare features raised, at unit L2 norm; as the graph does it at serving. */
  Bag weigh(Bag bag) {
    float[] weights = new float[bag.size()];
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      weights[i] = bag.weights()[i] * byBucket[bag.buckets()[i]];
      squares += (double) weights[i] * weights[i];
    }
    float norm = (float) Math.sqrt(squares);
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= norm;
    }
    return new Bag(bag.buckets(), weights);
  }

  /** The buckets of the training texts, ascending. */
  int[] seenBuckets() {
    int[] buckets = new int[seen.length];
    int count = 0;
    for (int bucket = 0; bucket < seen.length; bucket++) {
      if (seen[bucket]) {
        buckets[count++] = bucket;
      }
    }
    return Arrays.copyOf(buckets, count);
  }

  float[] toArray() {
    return byBucket.clone();
  }
}
