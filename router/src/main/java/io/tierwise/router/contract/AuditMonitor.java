package io.tierwise.router.contract;

import io.tierwise.router.Requirement;

/**
 * Watches a running contract: an e-process against H₀ "E[e_t | past] ≤ ε for every t", mixed over
 * starting times so that it does not go deaf after a long calm (Shin, Ramdas, Rinaldo: E-detectors,
 * 2022).
 *
 * <p>S_t = (S_{t−1} + w_t)(1 + b_t(e_t − ε)) with w_t = 1/(t(t+1)); E_t = S_t + 1/(t+1) is the part
 * bet so far plus the part not yet bet, a non-negative supermartingale of mean at most 1 under H₀
 * for any b_t in [0, 1/ε) that only the past decides. It rings at E_t ≥ 1/α, which under H₀ ever
 * happens with probability at most α (Ville). A pure fold: the same audits in the same order give
 * the same state.
 *
 * <p>The bet is the one that grows fastest in expectation (Kelly) if the losses go on at their
 * recent rate, and nothing while that is at most ε (Waudby-Smith, Ramdas: Estimating means of
 * bounded random variables by betting, 2024). So a calm costs nothing of what was bet before it,
 * and a drift is met with a stake of its own size; one fixed stake for a drift to 3ε loses on
 * average, and stays deaf for good, when the true risk is 1.5ε.
 *
 * @param epsilon ε of the contract watched
 * @param alpha the probability of a false alarm over the whole life of one configuration
 * @param audits t
 * @param bet S_t
 * @param recentRisk the losses' recent rate, which decides b_{t+1}
 * @param rang whether E_t has ever reached 1/α: an alarm does not un-ring
 */
public record AuditMonitor(
    double epsilon, double alpha, long audits, double bet, double recentRisk, boolean rang) {
  /** The rate is remembered over as many audits as a contract just held loses this often in. */
  private static final double REMEMBERED_LOSSES = 5;

  /** The rate at first, in ε: a configuration that is bad from the start is met by a first bet. */
  private static final double SUSPICION = 2;

  public AuditMonitor {
    Requirement.openUnit("monitor.epsilon", epsilon);
    Requirement.openUnit("monitor.alpha", alpha);
    Requirement.notNegative("monitor.audits", audits);
    Requirement.closedUnit("monitor.recentRisk", recentRisk);
  }

  public static AuditMonitor starting(double epsilon, double alpha) {
    return new AuditMonitor(epsilon, alpha, 0, 0, Math.min(1, SUSPICION * epsilon), false);
  }

  /** The state after one more audit; {@code lost} is its e_t. */
  public AuditMonitor observe(boolean lost) {
    long t = audits + 1;
    double loss = lost ? 1 : 0;
    double weight = 1.0 / ((double) t * (t + 1));
    double next = (bet + weight) * (1 + stake() * (loss - epsilon));
    double risk = recentRisk + (loss - recentRisk) * epsilon / REMEMBERED_LOSSES;
    boolean rings = next + unbet(t) >= 1 / alpha;
    return new AuditMonitor(epsilon, alpha, t, next, risk, rang || rings);
  }

  /** E_t. */
  public double evidence() {
    return bet + unbet(audits);
  }

  private static double unbet(long t) {
    return 1.0 / (t + 1);
  }

  /** Kelly's b = (p − ε)/(ε(1 − ε)) for the recent rate p, kept halfway from 1 and so below 1/ε. */
  private double stake() {
    double risk = Math.min(recentRisk, (1 + epsilon) / 2);
    return Math.max(0, risk - epsilon) / (epsilon * (1 - epsilon));
  }
}
