package io.tierwise.gateway.report;

import static java.math.MathContext.DECIMAL128;

import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Optional;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Exact sums over pairs (x, y), from which a straight line and its prediction error follow. Sums
 * are decimals, so the order in which pairs come changes nothing. Only the quantile of Student's t
 * is a binary fraction; it widens an interval and is never an amount.
 */
final class Moments implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private static final int FEWEST = 3;

  private long count;
  private BigDecimal sumX = BigDecimal.ZERO;
  private BigDecimal sumXx = BigDecimal.ZERO;
  private BigDecimal sumY = BigDecimal.ZERO;
  private BigDecimal sumXy = BigDecimal.ZERO;
  private BigDecimal sumYy = BigDecimal.ZERO;

  /** What further pairs add up to, and half the width of the interval around it. */
  record Prediction(BigDecimal sum, BigDecimal halfWidth) {}

  void add(BigDecimal x, BigDecimal y) {
    count++;
    sumX = sumX.add(x);
    sumXx = sumXx.add(x.multiply(x));
    sumY = sumY.add(y);
    sumXy = sumXy.add(x.multiply(y));
    sumYy = sumYy.add(y.multiply(y));
  }

  /** Adds the pairs of another. */
  void add(Moments other) {
    count += other.count;
    sumX = sumX.add(other.sumX);
    sumXx = sumXx.add(other.sumXx);
    sumY = sumY.add(other.sumY);
    sumXy = sumXy.add(other.sumXy);
    sumYy = sumYy.add(other.sumYy);
  }

  /**
   * The sum of {@code more} further y whose x add up to {@code moreX}, by least squares: with n
   * pairs, residual variance s² and S = Σ(x − x̄)², its error has the variance s²(m + m²/n + (Σx' −
   * m·x̄)²/S). Without spread in x, the mean and s²(m + m²/n). Nothing from fewer than three pairs.
   *
   * @param more how many, m; not necessarily whole
   */
  Optional<Prediction> predict(BigDecimal more, BigDecimal moreX) {
    if (count < FEWEST) {
      return Optional.empty();
    }
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal spreadX = sumXx.subtract(sumX.multiply(sumX).divide(n, DECIMAL128));
    BigDecimal spreadY = sumYy.subtract(sumY.multiply(sumY).divide(n, DECIMAL128));
    BigDecimal mean = more.multiply(sumY).divide(n, DECIMAL128);
    BigDecimal variance = more.add(more.multiply(more).divide(n, DECIMAL128));
    if (!isAboveNoise(spreadX, sumXx)) {
      return Optional.of(prediction(mean, variance, spreadY, count - 1));
    }
    BigDecimal spreadXy = sumXy.subtract(sumX.multiply(sumY).divide(n, DECIMAL128));
    BigDecimal slope = spreadXy.divide(spreadX, DECIMAL128);
    BigDecimal away = moreX.subtract(more.multiply(sumX).divide(n, DECIMAL128));
    return Optional.of(
        prediction(
            mean.add(slope.multiply(away)),
            variance.add(away.multiply(away).divide(spreadX, DECIMAL128)),
            spreadY.subtract(slope.multiply(spreadXy)),
            count - 2));
  }

  private static Prediction prediction(
      BigDecimal sum, BigDecimal variance, BigDecimal residual, long freedom) {
    BigDecimal unit = residual.max(BigDecimal.ZERO).divide(BigDecimal.valueOf(freedom), DECIMAL128);
    double quantile =
        TDistribution.of((double) freedom).inverseSurvivalProbability((1 - Interval.LEVEL) / 2);
    BigDecimal deviation = unit.multiply(variance).sqrt(DECIMAL128);
    return new Prediction(
        sum.round(DECIMAL128), deviation.multiply(BigDecimal.valueOf(quantile), DECIMAL128));
  }

  /** Whether a difference of two large sums is more than their rounding. */
  private static boolean isAboveNoise(BigDecimal spread, BigDecimal of) {
    return spread.compareTo(of.movePointLeft(24)) > 0;
  }
}
