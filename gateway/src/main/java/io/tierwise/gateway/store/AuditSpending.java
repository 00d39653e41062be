package io.tierwise.gateway.store;

import io.tierwise.router.cost.Money;
import java.time.LocalDate;

/**
 * What a task's audits have cost on one day (UTC), those that cost nothing left out.
 *
 * @param audits how many large calls were made for it
 */
public record AuditSpending(LocalDate day, Money spent, long audits) {
  public static AuditSpending none(LocalDate day) {
    return new AuditSpending(day, Money.ZERO, 0);
  }

  AuditSpending plus(Money cost) {
    return new AuditSpending(day, spent.plus(cost), audits + 1);
  }
}
