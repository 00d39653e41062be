package io.tierwise.bench.whatif;

import io.tierwise.router.cost.Money;

/**
 * An amount that is known within bounds.
 *
 * @param expected between them; the bounds where it is known exactly
 */
public record Range(Money low, Money expected, Money high) {
  static final Range NOTHING = exactly(Money.ZERO);

  static Range exactly(Money amount) {
    return new Range(amount, amount, amount);
  }

  Range plus(Range other) {
    return new Range(low.plus(other.low), expected.plus(other.expected), high.plus(other.high));
  }

  Range minus(Money amount) {
    return new Range(low.minus(amount), expected.minus(amount), high.minus(amount));
  }
}
