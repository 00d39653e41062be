package io.tierwise.router.cost;

import io.tierwise.router.request.Tenant;
import java.time.Instant;

/** Every tenant's budget. Atomic: concurrent requests cannot leak past a cap. */
public interface Budgets {
  Reservation reserve(Tenant tenant, Money worstCase, Instant now);

  void settle(Reservation.Granted reservation, Money actual);
}
