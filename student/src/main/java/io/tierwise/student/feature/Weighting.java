package io.tierwise.student.feature;

/**
 * What a feature weighs in its bag: its family's weight times 1 + ln(occurrences), over the bag's
 * L2 norm. The one place that decides it.
 */
final class Weighting {
  private Weighting() {}

  static Bag weigh(BucketCounts counts) {
    int size = counts.size();
    double[] raw = new double[size];
    double squares = 0;
    for (int i = 0; i < size; i++) {
      raw[i] = counts.family(i).weight() * sublinear(counts.count(i));
      squares += raw[i] * raw[i];
    }
    double norm = Math.sqrt(squares);
    float[] weights = new float[size];
    for (int i = 0; i < size; i++) {
      weights[i] = (float) (raw[i] / norm);
    }
    return new Bag(counts.buckets(), weights);
  }

  private static double sublinear(int count) {
    // StrictMath: the same bits on every machine, so training and serving cannot drift apart.
    return count == 1 ? 1 : 1 + StrictMath.log(count);
  }
}
