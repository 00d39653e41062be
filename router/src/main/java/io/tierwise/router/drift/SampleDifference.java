package io.tierwise.router.drift;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.GammaDistribution;

/**
 * The p-value of "two samples of categories are of one mix": Pearson's X² with the mean and the
 * variance that it has under exchangeability given the categories' totals, which are exact however
 * rare a category is (Haldane: The mean and variance of χ², when used as a test of homogeneity,
 * when expectations are small; Biometrika, 1940), and the tail of the gamma distribution of these
 * two moments (Mielke, Berry: Non-asymptotic inferences based on the chi-square statistic for r by
 * c contingency tables; 1985).
 *
 * <p>Counts n₀ₖ and n₁ₖ of samples of size n₀ and n₁, N = n₀ + n₁, tₖ = n₀ₖ + n₁ₖ, J categories
 * with tₖ &gt; 0: X² = Σ (√(n₀/n₁) n₁ₖ − √(n₁/n₀) n₀ₖ)²/tₖ, E = N(J−1)/(N−1), and V = 2N/(N−3) ·
 * (v₁−w₁)(v₂−w₂) + N²/(N−1) · w₁w₂ with v₁ = (N−2)/(N−1), v₂ = (N−J)(J−1)/(N−1), w₁ = (N(1/n₀ +
 * 1/n₁) − 4)/(N−2), w₂ = (N Σ 1/tₖ − J²)/(N−2).
 */
final class SampleDifference {
  private SampleDifference() {}

  /**
   * @param one counts by category
   * @param other counts of the same categories; both samples have at least two
   */
  static double pValue(long[] one, long[] other) {
    double first = Arrays.stream(one).sum();
    double second = Arrays.stream(other).sum();
    double all = first + second;
    double statistic = 0;
    double inverses = 0;
    int categories = 0;
    for (int k = 0; k < one.length; k++) {
      double total = one[k] + other[k];
      if (total > 0) {
        double difference =
            Math.sqrt(first / second) * other[k] - Math.sqrt(second / first) * one[k];
        statistic += difference * difference / total;
        inverses += 1 / total;
        categories++;
      }
    }
    double mean = all * (categories - 1) / (all - 1);
    double variance = variance(all, 1 / first + 1 / second, inverses, categories);
    return mean > 0 && variance > 0
        ? GammaDistribution.of(mean * mean / variance, variance / mean)
            .survivalProbability(statistic)
        : 1;
  }

  private static double variance(double all, double sizes, double inverses, int categories) {
    double v1 = (all - 2) / (all - 1);
    double v2 = (all - categories) * (categories - 1) / (all - 1);
    double w1 = (all * sizes - 4) / (all - 2);
    double w2 = (all * inverses - (double) categories * categories) / (all - 2);
    return 2 * all / (all - 3) * (v1 - w1) * (v2 - w2) + all * all / (all - 1) * w1 * w2;
  }
}
