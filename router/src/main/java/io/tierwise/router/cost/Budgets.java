package io.tierwise.router.cost;

import io.tierwise.router.request.Tenant;
import java.time.Instant;

/**
 * Every tenant's budget. Atomic: concurrent requests cannot leak past a cap. A tenant without a
 * budget is not limited.
 */
public interface Budgets {
  /**
   * Sets the worst case aside, or says when the tenant may spend again.
   *
   * @param now what the budget's period is told from
   */
  Reservation reserve(Tenant tenant, Money worstCase, Instant now);

  /**
   * Replaces what was set aside by what the work really cost, in the period it was set aside in.
   */
  void settle(Reservation.Granted reservation, Money actual);
}
