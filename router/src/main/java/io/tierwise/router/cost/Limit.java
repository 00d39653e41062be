package io.tierwise.router.cost;

import io.tierwise.router.InvalidValueException;
import java.math.BigDecimal;

/**
 * At most this much in each period. What is taken is what was spent and what is set aside for work
 * under way; setting aside never brings it above the amount. Settling may, when the work took more
 * than its worst case was thought to be, and then the excess is counted, not hidden.
 *
 * @param soft from which share of the amount on the policy shifts toward cheap tiers; 1 for never
 */
public record Limit(
    Scope scope, Measure measure, Period period, BigDecimal amount, BigDecimal soft) {
  public Limit {
    if (amount.signum() < 0) {
      throw new InvalidValueException("limit", amount + " is negative", "give 0 or more");
    }
    if (soft.signum() <= 0 || soft.compareTo(BigDecimal.ONE) > 0) {
      throw new InvalidValueException(
          "soft", soft + " is no share of the limit", "give more than 0 and at most 1");
    }
  }

  /** Dollars, without a soft limit. */
  public static Limit of(Scope scope, Period period, Money amount) {
    return new Limit(scope, Measure.DOLLARS, period, amount.usd(), BigDecimal.ONE);
  }

  /** Whether this limit concerns a claim. */
  public boolean concerns(Claim claim) {
    return scope.covers(claim.tenant(), claim.task());
  }

  /** Whether this much more may be taken; nothing always may, also of an overdrawn limit. */
  public boolean leaves(BigDecimal taken, BigDecimal asked) {
    return asked.signum() == 0 || taken.add(asked).compareTo(amount) <= 0;
  }

  /** Whether so much taken is beyond the soft limit. */
  public boolean softened(BigDecimal taken) {
    return soft.compareTo(BigDecimal.ONE) < 0 && taken.compareTo(amount.multiply(soft)) > 0;
  }

  /** As in {@code the 25 dollars per day of tenant acme}. */
  public String text() {
    return "the %s %s per %s of %s"
        .formatted(amount.toPlainString(), measure.text(), period.text(), scope.text());
  }
}
