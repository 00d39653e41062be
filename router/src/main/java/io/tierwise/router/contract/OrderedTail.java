package io.tierwise.router.contract;

/**
 * The p-value of "the risk is above ε", of how many of n audits were lost and which was the last.
 *
 * <p>The binomial test of k losses alone stops at a whole loss and so leaves part of its level
 * unused: 18 % of it at ε = 0.02 and n = 1000. Equal counts are told apart here by the place m of
 * the last loss in the order of the audits: the earlier, the longer the run without one since.
 * Whatever the risk, given k every choice of k places is equally likely, so P(M ≤ m | k) = C(m,
 * k)/C(n, k) exactly, and
 *
 * <p>p = P(Bin(n, ε) &lt; k) + P(Bin(n, ε) = k) · C(m, k)/C(n, k)
 *
 * <p>is the probability under ε of a pair (k, m) no later in the lexicographic order. It is a
 * mixture of two lower tails of the binomial, which fall as the risk grows, so it holds for every
 * risk above ε too: an exact test of a refined statistic (Lehmann, Romano: Testing Statistical
 * Hypotheses, 2005, chapter 3), with nothing drawn at random. It is never above the binomial
 * p-value. What it asks for beyond that one is that the audits are in an order that knows nothing
 * of their outcome, such as that of time.
 */
public final class OrderedTail {
  private OrderedTail() {}

  /**
   * @param losses k, at most {@code last}
   * @param last m: the place of the last loss, from 1; 0 without one
   * @param trials n
   */
  public static double atMost(int losses, int last, int trials, double probability) {
    double through = BinomialTail.atMost(losses, trials, probability);
    if (losses == 0) {
      return through;
    }
    double before = BinomialTail.atMost(losses - 1, trials, probability);
    return before + (through - before) * shareOfPlaces(losses, last, trials);
  }

  /** C(m, k)/C(n, k): how many of all choices of k places end no later than at m. */
  private static double shareOfPlaces(int losses, int last, int trials) {
    double share = 1;
    for (int i = 0; i < losses; i++) {
      share *= (double) (last - i) / (trials - i);
    }
    return share;
  }
}
