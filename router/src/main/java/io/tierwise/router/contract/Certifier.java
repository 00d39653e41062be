package io.tierwise.router.contract;

import java.util.List;

/**
 * Certifies thresholds by fixed-sequence testing: Learn then Test (Angelopoulos, Bates, Candès,
 * Jordan, Lei; 2021) with exact binomial p-values.
 *
 * <p>H_λ is "R(λ) > ε". With k losses among n samples its p-value is P(Bin(n, ε) ≤ k). The path is
 * walked from strict to lax at the full level δ_j; the walk stops at the first H_λ not rejected,
 * and the last rejected one is certified. No multiplicity correction is due: a later hypothesis is
 * only looked at when all before it were rejected, so the first true one is a single test at δ_j.
 */
public final class Certifier {
  private Certifier() {}

  /**
   * @param testIndex j, from 1: how many tests the task has spent, this one included
   * @param path fixed without looking at {@code samples}
   * @param samples the calibration set: a uniform sample of traffic, none used in training
   */
  public static Certification certify(
      Contract contract, int testIndex, ThresholdPath path, List<AuditSample> samples) {
    int n = samples.size();
    int needed = contract.fewestSamples(testIndex);
    if (n < needed) {
      return new Certification.Withheld("too few audit samples", testIndex, n, needed);
    }
    double level = contract.spend(testIndex);
    Certificate last = null;
    for (Thresholds step : path.steps()) {
      int losses = (int) samples.stream().filter(sample -> sample.lost(step)).count();
      double pValue = BinomialTail.atMost(losses, n, contract.epsilon());
      if (pValue > level) {
        break;
      }
      double coverage =
          (double) samples.stream().filter(sample -> sample.covered(step)).count() / n;
      last = new Certificate(contract, testIndex, level, n, losses, pValue, coverage, step);
    }
    return last == null
        ? new Certification.Withheld(
            "even the strictest thresholds disagree too often", testIndex, n, needed)
        : new Certification.Certified(last);
  }
}
