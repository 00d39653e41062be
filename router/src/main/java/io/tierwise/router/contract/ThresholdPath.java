package io.tierwise.router.contract;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Thresholds from strict to lax, fixed before the calibration samples are looked at. At every step
 * each tier's threshold is at most the step's before, so the loss only grows along the path.
 */
public record ThresholdPath(List<Thresholds> steps) {
  public ThresholdPath {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new InvalidValueException("path", "it has no step", "give at least one");
    }
    for (int i = 1; i < steps.size(); i++) {
      for (TierName tier : TierName.values()) {
        if (stricter(steps.get(i), steps.get(i - 1), tier)) {
          throw new InvalidValueException(
              "path[" + i + "]", "it is stricter than the step before", "order strict to lax");
        }
      }
    }
  }

  /** One step per distinct value for the student alone, sorted strict to lax here. */
  public static ThresholdPath student(double[] grid) {
    return of(TierName.STUDENT, grid);
  }

  /** The same for another tier alone. */
  public static ThresholdPath of(TierName tier, double[] grid) {
    return new ThresholdPath(
        Arrays.stream(grid)
            .boxed()
            .distinct()
            .sorted(Comparator.reverseOrder())
            .map(value -> new Thresholds(Map.of(tier, new Confidence(value))))
            .toList());
  }

  private static boolean stricter(Thresholds step, Thresholds before, TierName tier) {
    return before
        .of(tier)
        .map(earlier -> step.of(tier).map(now -> now.compareTo(earlier) > 0).orElse(true))
        .orElse(false);
  }
}
