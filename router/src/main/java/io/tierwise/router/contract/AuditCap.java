package io.tierwise.router.contract;

import io.tierwise.router.cost.Money;
import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A limit on what a task's audits may cost in a day. The rate of the coin falls with what is left:
 * in full while no more than half is spent, from there in proportion to the rest, and to nothing
 * with it. So a day's last requests are audited less often rather than not at all.
 *
 * <p>The rate depends on what was spent before a request and never on the request, so the audited
 * ones stay a uniform sample; what it costs is time, for the same evidence takes more requests.
 */
public record AuditCap(Money daily) {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** The share of its rate at which the coin is flipped, in [0, 1]. */
  public double share(Money spentToday) {
    Money left = daily.minus(spentToday);
    Money half = daily.times(HALF);
    if (left.compareTo(Money.ZERO) <= 0) {
      return 0;
    }
    return left.compareTo(half) >= 0
        ? 1
        : left.usd().divide(half.usd(), MathContext.DECIMAL64).doubleValue();
  }
}
