package io.tierwise.gateway.budget;

import io.tierwise.gateway.config.TierwiseConfig.BudgetConfig;
import io.tierwise.router.cost.Budget;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Budgets per tenant and UTC day, held in memory and restored from the ledger. Tenants without one
 * are unlimited. A budget covers what is spent on answering callers; audits have their own column.
 */
public final class DailyBudgets implements Budgets {
  private volatile Map<Tenant, Money> limits;
  private final ConcurrentHashMap<Account, Spending> accounts = new ConcurrentHashMap<>();

  private record Account(Tenant tenant, LocalDate day) {}

  /** Also of tenants without a budget: they may be given one in the middle of a day. */
  private record Spending(Money spent, Money reserved) {
    static final Spending NONE = new Spending(Money.ZERO, Money.ZERO);

    Budget under(Money limit) {
      return new Budget(limit, spent, reserved);
    }

    Spending reserve(Money worstCase) {
      return new Spending(spent, reserved.plus(worstCase));
    }

    Spending settle(Money worstCase, Money actual) {
      return new Spending(spent.plus(actual), reserved.minus(worstCase));
    }
  }

  public DailyBudgets(Map<Tenant, Money> limits) {
    this.limits = Map.copyOf(limits);
  }

  public static DailyBudgets of(List<BudgetConfig> budgets) {
    return new DailyBudgets(byTenant(budgets));
  }

  private static Map<Tenant, Money> byTenant(List<BudgetConfig> budgets) {
    return budgets.stream()
        .collect(
            Collectors.toUnmodifiableMap(
                budget -> new Tenant(budget.tenant()), BudgetConfig::daily));
  }

  /** Counts what an entry of the ledger has spent, if that was on this day. */
  public void restore(LedgerEntry entry, LocalDate today) {
    Tenant tenant = new Tenant(entry.tenant());
    if (entry.purpose() == LedgerEntry.Purpose.SERVE && day(entry.at()).equals(today)) {
      settle(new Reservation.Granted(tenant, Money.ZERO, entry.at()), entry.cost());
    }
  }

  /** Holds tenants to other limits from now on; what they have spent today stays spent. */
  public void limit(List<BudgetConfig> budgets) {
    limits = byTenant(budgets);
  }

  @Override
  public Reservation reserve(Tenant tenant, Money worstCase, Instant now) {
    Money limit = limits.get(tenant);
    LocalDate today = day(now);
    AtomicBoolean covered = new AtomicBoolean();
    accounts.compute(
        new Account(tenant, today),
        (account, known) -> {
          Spending spending = known == null ? Spending.NONE : known;
          covered.setPlain(limit == null || spending.under(limit).covers(worstCase));
          return covered.getPlain() ? spending.reserve(worstCase) : spending;
        });
    return covered.getPlain()
        ? new Reservation.Granted(tenant, worstCase, now)
        : new Reservation.Exhausted(tenant, midnightAfter(today));
  }

  @Override
  public void settle(Reservation.Granted reservation, Money actual) {
    accounts.compute(
        new Account(reservation.tenant(), day(reservation.at())),
        (account, known) ->
            (known == null ? Spending.NONE : known).settle(reservation.amount(), actual));
  }

  /** Forgets the accounts of days before yesterday, which nothing can settle any more. */
  public void forgetBefore(Instant now) {
    LocalDate yesterday = day(now).minusDays(1);
    accounts.keySet().removeIf(account -> account.day().isBefore(yesterday));
  }

  private static LocalDate day(Instant moment) {
    return moment.atZone(ZoneOffset.UTC).toLocalDate();
  }

  private static Instant midnightAfter(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
