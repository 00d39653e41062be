package io.tierwise.router.contract;

import io.tierwise.router.Requirement;
import java.util.function.DoublePredicate;

/**
 * An exact interval for a share of which a count was seen (Clopper, Pearson: The use of confidence
 * or fiducial limits, 1934): each end is where the tail beyond the count has half of what the
 * interval may miss.
 */
public record BinomialInterval(double lower, double upper) {
  /** Halvings until the ends differ in no digit of a double that anyone reads. */
  private static final int HALVINGS = 50;

  /**
   * @param count how often it was seen
   * @param trials in how many; with none the interval is [0, 1]
   * @param confidence in (0, 1), such as 0.95
   */
  public static BinomialInterval of(int count, int trials, double confidence) {
    Requirement.openUnit("interval.confidence", confidence);
    Requirement.notNegative("interval.count", count);
    if (trials == 0) {
      return new BinomialInterval(0, 1);
    }
    double tail = (1 - confidence) / 2;
    double lower =
        count == 0 ? 0 : where(share -> 1 - BinomialTail.atMost(count - 1, trials, share) > tail);
    double upper =
        count == trials ? 1 : where(share -> BinomialTail.atMost(count, trials, share) < tail);
    return new BinomialInterval(lower, upper);
  }

  /** The share from which on a condition holds. */
  private static double where(DoublePredicate holds) {
    double below = 0;
    double above = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (below + above) / 2;
      if (holds.test(middle)) {
        above = middle;
      } else {
        below = middle;
      }
    }
    return (below + above) / 2;
  }
}
