package io.tierwise.router.contract;

import io.tierwise.router.tier.TierName;

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
    return path(TierName.STUDENT);
  }

  /** The same for another tier's confidences. */
  public static ThresholdPath path(TierName tier) {
    double[] grid = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      double odds = STRICTEST + (LAXEST - STRICTEST) * i / (STEPS - 1);
      grid[i] = 1 / (1 + StrictMath.exp(-odds));
    }
    return ThresholdPath.of(tier, grid);
  }

  private static double logOdds(double probability) {
    return StrictMath.log(probability / (1 - probability));
  }
}
