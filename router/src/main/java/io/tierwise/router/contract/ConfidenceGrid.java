package io.tierwise.router.contract;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The thresholds that a student is tested at: evenly spaced in log-odds from 0.99999 down to 0.05,
 * where confidences crowd near 1. Fixed once for all tasks, so no data can have chosen it.
 */
public final class ConfidenceGrid {
  private static final int STEPS = 400;
  private static final double STRICTEST = logOdds(0.99999);
  private static final double LAXEST = logOdds(0.05);

  private ConfidenceGrid() {}

  /**
   * Two students in line: both thresholds fall together, the second's along the grid. Where only
   * the first reaches its threshold the second was less sure, so the same confidence of both is not
   * the same risk.
   *
   * @param lead how much surer the first must be, in log-odds; at least 0
   */
  public static ThresholdPath line(double lead) {
    if (!(lead >= 0 && lead < Double.POSITIVE_INFINITY)) {
      throw new InvalidValueException("lead", lead + " is below 0", "give 0 or more");
    }
    List<Thresholds> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      double odds = odds(i);
      steps.add(
          new Thresholds(
              Map.of(
                  TierName.STUDENT,
                  new Confidence(probability(odds + lead)),
                  TierName.SECOND_STUDENT,
                  new Confidence(probability(odds)))));
    }
    return new ThresholdPath(steps);
  }

  /** The path, strict to lax. */
  public static ThresholdPath path() {
    return path(TierName.STUDENT);
  }

  /** The same for another tier's confidences. */
  public static ThresholdPath path(TierName tier) {
    double[] grid = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      grid[i] = probability(odds(i));
    }
    return ThresholdPath.of(tier, grid);
  }

  private static double odds(int step) {
    return STRICTEST + (LAXEST - STRICTEST) * step / (STEPS - 1);
  }

  private static double probability(double odds) {
    return 1 / (1 + StrictMath.exp(-odds));
  }

  private static double logOdds(double probability) {
    return StrictMath.log(probability / (1 - probability));
  }
}
