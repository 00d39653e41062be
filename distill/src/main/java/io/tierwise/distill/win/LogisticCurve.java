package io.tierwise.distill.win;

/**
 * P = 1/(1 + exp(−(slope·x + offset))) of least cross-entropy, by Newton's method with targets
 * smoothed as Platt's (Probabilistic outputs for support vector machines, 1999).
 *
 * @param slope at most 0: where the scores say nothing, or the contrary, it is 0
 */
record LogisticCurve(double slope, double offset) {
  private static final int STEPS = 50;
  private static final double RIDGE = 1e-6;

  /**
   * @param goods in [0, 1]
   */
  static LogisticCurve fit(double[] scores, double[] goods) {
    double good = 0;
    for (double each : goods) {
      good += each;
    }
    double n = scores.length;
    double top = (good + 1) / (good + 2);
    double bottom = 1 / (n - good + 2);
    double slope = 0;
    double offset = StrictMath.log((good + 1) / (n - good + 1));
    for (int step = 0; step < STEPS; step++) {
      double[] sums = new double[5];
      for (int i = 0; i < scores.length; i++) {
        double target = bottom + goods[i] * (top - bottom);
        double p = 1 / (1 + StrictMath.exp(-(slope * scores[i] + offset)));
        double weight = p * (1 - p);
        sums[0] += (target - p) * scores[i];
        sums[1] += target - p;
        sums[2] += weight * scores[i] * scores[i] + RIDGE / n;
        sums[3] += weight * scores[i];
        sums[4] += weight + RIDGE / n;
      }
      double determinant = sums[2] * sums[4] - sums[3] * sums[3];
      slope += (sums[4] * sums[0] - sums[3] * sums[1]) / determinant;
      offset += (sums[2] * sums[1] - sums[3] * sums[0]) / determinant;
    }
    boolean falls = Double.isFinite(slope) && Double.isFinite(offset) && slope < 0;
    return falls
        ? new LogisticCurve(slope, offset)
        : new LogisticCurve(0, StrictMath.log((good + 1) / (n - good + 1)));
  }
}
