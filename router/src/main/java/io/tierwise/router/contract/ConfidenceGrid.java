package io.tierwise.router.contract;

/**
 * The thresholds that a student is tested at: evenly spaced in log-odds from 0.99999 down to 0.05,
 * where confidences crowd near 1. Fixed once for all tasks, so no data can have chosen it.
 */
public final class ConfidenceGrid {
  private static final int STEPS = 400;
  private static final double STRICTEST = logOdds(0.99999);
  private static final double LAXEST = logOdds(0.05);

  private ConfidenceGrid() {}

  /** The path, strict to lax. */
  public static ThresholdPath path() {
    double[] grid = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      double odds = STRICTEST + (LAXEST - STRICTEST) * i / (STEPS - 1);
      grid[i] = 1 / (1 + StrictMath.exp(-odds));
    }
    return ThresholdPath.student(grid);
  }

  private static double logOdds(double probability) {
    return StrictMath.log(probability / (1 - probability));
  }
}
