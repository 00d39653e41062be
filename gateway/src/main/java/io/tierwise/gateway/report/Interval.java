package io.tierwise.gateway.report;

import io.tierwise.router.cost.Money;

/** Between what and what an estimated amount lies, at {@link #LEVEL}. */
public record Interval(Money low, Money high) {
  /** The share of intervals that hold the true amount. */
  public static final double LEVEL = 0.95;

  static Interval exactly(Money amount) {
    return new Interval(amount, amount);
  }

  /** The smallest one that holds this one and the amount. */
  Interval holding(Money amount) {
    return new Interval(
        low.compareTo(amount) <= 0 ? low : amount, high.compareTo(amount) >= 0 ? high : amount);
  }
}
