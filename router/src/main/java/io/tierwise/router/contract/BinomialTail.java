package io.tierwise.router.contract;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/** Exact lower tails of the binomial distribution. */
public final class BinomialTail {
  private BinomialTail() {}

  /** P(Bin(trials, probability) ≤ losses). */
  public static double atMost(int losses, int trials, double probability) {
    return BinomialDistribution.of(trials, probability).cumulativeProbability(losses);
  }
}
