package io.tierwise.router.cost;

import io.tierwise.router.InvalidValueException;

/**
 * What a tenant may spend in one period, what is spent, and what is set aside for work under way.
 * Immutable: the store applies each step atomically. Spent plus reserved never exceeds the limit by
 * reserving; settling may, when the work cost more than its worst case was thought to be, and then
 * the excess is shown, not hidden.
 */
public record Budget(Money limit, Money spent, Money reserved) {
  public Budget {
    if (limit.isNegative() || spent.isNegative() || reserved.isNegative()) {
      throw new InvalidValueException(
          "budget", limit + ", " + spent + ", " + reserved, "give amounts of 0 or more");
    }
  }

  public static Budget of(Money limit) {
    return new Budget(limit, Money.ZERO, Money.ZERO);
  }

  /** Whether this much may still be set aside; nothing always may, also of an overdrawn budget. */
  public boolean covers(Money worstCase) {
    return worstCase.equals(Money.ZERO)
        || spent.plus(reserved).plus(worstCase).compareTo(limit) <= 0;
  }

  /** Sets the worst case aside; call only when {@link #covers} says so. */
  public Budget reserve(Money worstCase) {
    if (!covers(worstCase)) {
      throw new InvalidValueException(
          "reservation", worstCase + " exceeds what is left", "ask covers first");
    }
    return new Budget(limit, spent, reserved.plus(worstCase));
  }

  /** Replaces a reservation by what the work really cost. */
  public Budget settle(Money worstCase, Money actual) {
    return new Budget(limit, spent.plus(actual), reserved.minus(worstCase));
  }
}
