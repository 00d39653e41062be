package io.tierwise.router.drift;

import io.tierwise.router.Requirement;
import io.tierwise.router.contract.BinomialInterval;

/**
 * Watches whether a large model still answers as it did: pinned texts, whose answers are known, are
 * asked again in rounds. How often it differs from itself is the floor f: an upper bound at level
 * α/2 from asking every text a second time when it was pinned, which holds for texts of different
 * rates too (Hoeffding: On the distribution of the number of successes in independent trials,
 * 1956).
 *
 * <p>Against H₀ "of all answers of a round a share of at most f differs on average", a round with k
 * of m differing multiplies the stake by the likelihood ratio L = (p/f)^k ((1−p)/(1−f))^(m−k),
 * whose mean under H₀ is at most 1 by the inequality of means, for any p &gt; f. S_j = (S_{j−1} +
 * w_j) L_j with w_j = 1/(j(j+1)); E_j = S_j + 1/(j+1), averaged over three p, is an e-process mixed
 * over starting times, as in {@link io.tierwise.router.contract.AuditMonitor}, and rings at 2/α. A
 * pure fold.
 *
 * @param floor f
 * @param rounds j
 * @param small S_j for p = f + 0.05 · (1−f); {@code middle} for 0.15, {@code large} for 0.5
 */
public record PinnedAnswers(
    double alpha,
    double floor,
    long rounds,
    double small,
    double middle,
    double large,
    boolean rang) {
  /** With fewer texts, nothing but a change of nearly all answers would be heard. */
  public static final int FEWEST_TEXTS = 20;

  private static final double[] RISES = {0.05, 0.15, 0.5};

  public PinnedAnswers {
    Requirement.openUnit("pinned.alpha", alpha);
    Requirement.openUnit("pinned.floor", floor);
    Requirement.notNegative("pinned.rounds", rounds);
  }

  /**
   * @param texts how many are pinned, at least one
   * @param differed how many got another answer when asked a second time, not all
   */
  public static PinnedAnswers starting(double alpha, int texts, int differed) {
    // A two-sided interval at 1 − α has α/2 on either side.
    double floor =
        BinomialInterval.of(differed, Requirement.positive("pinned.texts", texts), 1 - alpha)
            .upper();
    return new PinnedAnswers(alpha, floor, 0, 0, 0, 0, false);
  }

  /**
   * The state after one more round.
   *
   * @param differing k
   * @param asked m
   */
  public PinnedAnswers observe(int differing, int asked) {
    long j = rounds + 1;
    double weight = 1.0 / ((double) j * (j + 1));
    PinnedAnswers next =
        new PinnedAnswers(
            alpha,
            floor,
            j,
            (small + weight) * ratio(RISES[0], differing, asked),
            (middle + weight) * ratio(RISES[1], differing, asked),
            (large + weight) * ratio(RISES[2], differing, asked),
            rang);
    return next.evidence() >= next.ringsAt() ? next.rung() : next;
  }

  private PinnedAnswers rung() {
    return new PinnedAnswers(alpha, floor, rounds, small, middle, large, true);
  }

  /** E_j. */
  public double evidence() {
    return (small + middle + large) / RISES.length + 1.0 / (rounds + 1);
  }

  /** What the evidence must reach. */
  public double ringsAt() {
    return 2 / alpha;
  }

  private double ratio(double rise, int differing, int asked) {
    double rate = floor + rise * (1 - floor);
    return Math.exp(
        differing * Math.log(rate / floor)
            + (asked - differing) * Math.log((1 - rate) / (1 - floor)));
  }
}
