package io.tierwise.router.testing;

import io.tierwise.router.cost.Budget;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.request.Tenant;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;

/** Daily budgets, by UTC days, that are gone with the process. Thread-safe. */
public final class InMemoryBudgets implements Budgets {
  private final Map<Tenant, Money> daily;
  private final Map<TenantDay, Budget> budgets = new HashMap<>();

  private record TenantDay(Tenant tenant, LocalDate day) {
    static TenantDay of(Tenant tenant, Instant at) {
      return new TenantDay(tenant, at.atZone(ZoneOffset.UTC).toLocalDate());
    }
  }

  /**
   * @param daily what each tenant may spend in a day; the others are not limited
   */
  public InMemoryBudgets(Map<Tenant, Money> daily) {
    this.daily = Map.copyOf(daily);
  }

  @Override
  public synchronized Reservation reserve(Tenant tenant, Money worstCase, Instant now) {
    Money limit = daily.get(tenant);
    TenantDay key = TenantDay.of(tenant, now);
    if (limit == null) {
      return new Reservation.Granted(tenant, worstCase, now);
    }
    Budget budget = budgets.getOrDefault(key, Budget.of(limit));
    if (!budget.covers(worstCase)) {
      Instant resetsAt = key.day().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
      return new Reservation.Exhausted(tenant, resetsAt);
    }
    budgets.put(key, budget.reserve(worstCase));
    return new Reservation.Granted(tenant, worstCase, now);
  }

  @Override
  public synchronized void settle(Reservation.Granted reservation, Money actual) {
    budgets.computeIfPresent(
        TenantDay.of(reservation.tenant(), reservation.at()),
        (key, budget) -> budget.settle(reservation.amount(), actual));
  }

  /** Where a tenant with a limit stands on the day of an instant. */
  public synchronized Budget budget(Tenant tenant, Instant at) {
    Budget untouched = Budget.of(daily.getOrDefault(tenant, Money.ZERO));
    return budgets.getOrDefault(TenantDay.of(tenant, at), untouched);
  }
}
