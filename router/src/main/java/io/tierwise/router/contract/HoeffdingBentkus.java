package io.tierwise.router.contract;

import io.tierwise.router.Requirement;

/**
 * A p-value for "the mean of losses in [0, 1] is above ε": the smaller of Hoeffding's bound in its
 * tight form and Bentkus's (Bates, Angelopoulos, Lei, Malik, Jordan: Distribution-free,
 * risk-controlling prediction sets, 2021, section 3.1).
 *
 * <p>With n independent losses of sum s and mean r = s/n: Hoeffding exp(−n·h(min(r, ε), ε)) with
 * h(a, b) = a·ln(a/b) + (1−a)·ln((1−a)/(1−b)), and Bentkus e·P(Bin(n, ε) ≤ ⌈s⌉). For losses of 0
 * and 1 alone the exact {@link BinomialTail} is never larger.
 */
public final class HoeffdingBentkus {
  /** A sum of losses that is whole but for rounding is taken for whole. */
  private static final double ROUNDING = 1e-9;

  private HoeffdingBentkus() {}

  /**
   * @param sum of the losses, from 0 to {@code n}
   * @param n how many there are, at least one
   * @param epsilon in (0, 1)
   */
  public static double pValue(double sum, int n, double epsilon) {
    Requirement.positive("n", n);
    Requirement.openUnit("epsilon", epsilon);
    Requirement.closedUnit("mean loss", sum / n);
    double hoeffding = Math.exp(-n * divergence(Math.min(sum / n, epsilon), epsilon));
    double bentkus = Math.E * BinomialTail.atMost((int) Math.ceil(sum - ROUNDING), n, epsilon);
    return Math.min(1, Math.min(hoeffding, bentkus));
  }

  /** The relative entropy of two coins. */
  private static double divergence(double a, double b) {
    double heads = a == 0 ? 0 : a * Math.log(a / b);
    return heads + (1 - a) * Math.log((1 - a) / (1 - b));
  }
}
