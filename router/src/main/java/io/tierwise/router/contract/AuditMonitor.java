package io.tierwise.router.contract;

import io.tierwise.router.Requirement;

/**
 * Watches a running contract: an e-process against H₀ "E[e_t | past] ≤ ε for every t", mixed over
 * starting times so that it does not go deaf after a long calm (Shin, Ramdas, Rinaldo: E-detectors,
 * 2022).
 *
 * <p>S_t = (S_{t−1} + w_t)(1 + b(e_t − ε)) with w_t = 1/(t(t+1)); E_t = S_t + 1/(t+1) is the part
 * bet so far plus the part not yet bet, a non-negative supermartingale of mean at most 1 under H₀.
 * It rings at E_t ≥ 1/α, which under H₀ ever happens with probability at most α (Ville). A pure
 * fold: the same audits in the same order give the same state.
 *
 * @param epsilon ε of the contract watched
 * @param alpha the probability of a false alarm over the whole life of one configuration
 * @param audits t
 * @param bet S_t
 * @param rang whether E_t has ever reached 1/α: an alarm does not un-ring
 */
public record AuditMonitor(double epsilon, double alpha, long audits, double bet, boolean rang) {
  /** The bet grows fastest in expectation (Kelly) when the true risk is this many ε. */
  private static final double ALTERNATIVE = 3;

  public AuditMonitor {
    Requirement.openUnit("monitor.epsilon", epsilon);
    Requirement.openUnit("monitor.alpha", alpha);
  }

  public static AuditMonitor starting(double epsilon, double alpha) {
    return new AuditMonitor(epsilon, alpha, 0, 0, false);
  }

  /** The state after one more audit; {@code lost} is its e_t. */
  public AuditMonitor observe(boolean lost) {
    long t = audits + 1;
    double weight = 1.0 / ((double) t * (t + 1));
    double factor = 1 + stake() * ((lost ? 1 : 0) - epsilon);
    double next = (bet + weight) * factor;
    return new AuditMonitor(epsilon, alpha, t, next, rang || next + unbet(t) >= 1 / alpha);
  }

  /** E_t. */
  public double evidence() {
    return bet + unbet(audits);
  }

  private static double unbet(long t) {
    return 1.0 / (t + 1);
  }

  /** Kelly's b = (p − ε)/(ε(1 − ε)) for p = 3ε (or halfway to 1 where 3ε is beyond), below 1/ε. */
  private double stake() {
    double alternative = Math.min(ALTERNATIVE * epsilon, (1 + epsilon) / 2);
    return (alternative - epsilon) / (epsilon * (1 - epsilon));
  }
}
