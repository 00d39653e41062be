package io.tierwise.router.cost;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * Where a limit stands.
 *
 * @param spent settled
 * @param reserved set aside for work under way
 * @param lapsed set aside for work that nobody settled before its lease ended; what it really took
 *     is not known, and it counts no more
 */
public record Standing(
    Limit limit, BigDecimal spent, BigDecimal reserved, BigDecimal lapsed, Instant resetsAt) {
  /** Equal amounts are equal values, as with money. */
  public Standing {
    spent = plain(spent);
    reserved = plain(reserved);
    lapsed = plain(lapsed);
  }

  private static BigDecimal plain(BigDecimal amount) {
    return amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
  }

  /** What counts towards the limit. */
  public BigDecimal taken() {
    return spent.add(reserved);
  }
}
