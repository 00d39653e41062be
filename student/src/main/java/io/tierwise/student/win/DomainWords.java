package io.tierwise.student.win;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.Bag;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What words say of the domain that a prompt is from: for each of a word's buckets and each domain
 * the logarithm of how much commoner it is there than anywhere, less the mean over the domains.
 * What is trained on these scores learns which domains need the strong model; their names are never
 * used.
 *
 * @param buckets ascending
 * @param domains how many there are; 0 where training named none
 * @param weights row-major [buckets][domains]
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the hundred thousand, never compared
public record DomainWords(int[] buckets, int domains, float[] weights) {
  public DomainWords {
    boolean ascending = true;
    for (int i = 1; i < buckets.length; i++) {
      ascending &= buckets[i - 1] < buckets[i];
    }
    if (!ascending || domains < 0 || weights.length != (long) buckets.length * domains) {
      throw new InvalidValueException(
          "domain words", "its arrays do not fit together", "train the router again");
    }
  }

  /** One score for each domain; their sum is 0. */
  public double[] scores(Bag bag) {
    double[] scores = new double[domains];
    for (int i = 0; i < bag.size(); i++) {
      int row = Arrays.binarySearch(buckets, bag.buckets()[i]);
      for (int domain = 0; row >= 0 && domain < domains; domain++) {
        scores[domain] += weights[row * domains + domain] * bag.weights()[i];
      }
    }
    return scores;
  }

  int bytes() {
    return Integer.BYTES * (2 + buckets.length) + Float.BYTES * weights.length;
  }

  void write(ByteBuffer to) {
    to.putInt(buckets.length).putInt(domains);
    for (int bucket : buckets) {
      to.putInt(bucket);
    }
    Floats.write(to, weights);
  }

  static DomainWords read(ByteBuffer from) {
    int size = from.getInt();
    int domains = from.getInt();
    if (size < 0 || domains < 0 || size > from.remaining() / Integer.BYTES) {
      throw new BufferUnderflowException();
    }
    int[] buckets = new int[size];
    for (int i = 0; i < size; i++) {
      buckets[i] = from.getInt();
    }
    long weights = (long) size * domains;
    return new DomainWords(
        buckets, domains, Floats.read(from, (int) Math.min(weights, Integer.MAX_VALUE)));
  }
}
