package io.tierwise.distill.win;

/**
 * What two predictions of the same are multiplied by to come, in sum and up to a constant, as near
 * to it as can be in squares, neither below 0 (stacking: Wolpert, 1992; Breiman, 1996). To be
 * fitted on predictions of what was not trained on.
 */
record Shares(double first, double second) {
  private static final double PARALLEL = 1e-9;

  static Shares of(double[] first, double[] second, double[] targets) {
    double one = covariance(first, first);
    double two = covariance(second, second);
    double both = covariance(first, second);
    double oneTarget = covariance(first, targets);
    double twoTarget = covariance(second, targets);
    Shares alone = new Shares(alone(oneTarget, one), 0);
    Shares other = new Shares(0, alone(twoTarget, two));
    double determinant = one * two - both * both;
    if (determinant > PARALLEL * one * two) {
      double a = (oneTarget * two - twoTarget * both) / determinant;
      double b = (twoTarget * one - oneTarget * both) / determinant;
      if (a >= 0 && b >= 0) {
        return new Shares(a, b);
      }
    }
    return alone.first * oneTarget >= other.second * twoTarget ? alone : other;
  }

  double mixed(double one, double two) {
    return first * one + second * two;
  }

  private static double alone(double target, double variance) {
    return variance > 0 ? Math.max(0, target / variance) : 0;
  }

  private static double covariance(double[] one, double[] other) {
    double oneMean = 0;
    double otherMean = 0;
    for (int i = 0; i < one.length; i++) {
      oneMean += one[i] / one.length;
      otherMean += other[i] / one.length;
    }
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - oneMean) * (other[i] - otherMean);
    }
    return sum;
  }
}
