package io.tierwise.gateway.budget;

import io.tierwise.gateway.store.BudgetStore;
import io.tierwise.gateway.store.BudgetStore.Account;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Standing;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Limits over the embedded store: every process that has the store open keeps within the same ones.
 * They cover what is spent on answering callers; audits have their own column.
 *
 * <p>What no limit concerns is counted as well, so that a limit given later knows of it, but only
 * in memory until {@link #flush}: nothing is promised there.
 */
public final class StoredBudgets implements Budgets {
  /** Of a claim that no limit concerned when it was made. */
  private static final String UNLIMITED = "";

  private static final long SECONDS_IN_DAY = 86_400;

  private final BudgetStore store;

  /** Plain decimals: a sum that changes with every request need not be in its shortest form. */
  private final Map<Spender, BigDecimal> unlimited = new ConcurrentHashMap<>();

  private volatile List<Limit> limits;

  /** Who spends within a day, which counts from 1970. */
  private record Spender(Tenant tenant, String task, long day) {
    static Spender at(Tenant tenant, String task, Instant moment) {
      return new Spender(tenant, task, Math.floorDiv(moment.getEpochSecond(), SECONDS_IN_DAY));
    }

    private Instant begin() {
      return Instant.ofEpochSecond(day * SECONDS_IN_DAY);
    }
  }

  public StoredBudgets(BudgetStore store, List<Limit> limits) {
    this.store = store;
    this.limits = List.copyOf(limits);
  }

  /** Holds to other limits from now on; what was spent stays spent. */
  public void limit(List<Limit> next) {
    flush();
    limits = List.copyOf(next);
  }

  @Override
  public Reservation reserve(Claim claim) {
    if (limits.isEmpty()) {
      return new Reservation.Granted(UNLIMITED, claim, false);
    }
    List<Limit> concerned = limits.stream().filter(limit -> limit.concerns(claim)).toList();
    return concerned.isEmpty()
        ? new Reservation.Granted(UNLIMITED, claim, false)
        : store.reserve(concerned, claim);
  }

  @Override
  public void settle(Reservation.Granted reservation, Money actual, long tokens) {
    if (reservation.id().equals(UNLIMITED)) {
      Claim claim = reservation.claim();
      count(claim.tenant(), claim.task(), claim.at(), actual);
    } else {
      store.settle(reservation, actual, tokens);
    }
  }

  private void count(Tenant tenant, String task, Instant at, Money spent) {
    if (!spent.equals(Money.ZERO)) {
      unlimited.merge(Spender.at(tenant, task, at), spent.usd(), BigDecimal::add);
    }
  }

  /** Whether nothing was ever counted, as in a store that is older than limits. */
  public boolean unknown() {
    return store.isEmpty();
  }

  /** Counts what an entry of the ledger has spent. */
  public void restore(LedgerEntry entry) {
    if (entry.purpose() == LedgerEntry.Purpose.SERVE) {
      count(new Tenant(entry.tenant()), entry.task(), entry.at(), entry.cost());
    }
  }

  /** Writes down what was counted in memory. */
  public synchronized void flush() {
    Map<Spender, BigDecimal> counted = new HashMap<>();
    for (Spender spender : List.copyOf(unlimited.keySet())) {
      BigDecimal spent = unlimited.remove(spender);
      if (spent != null) {
        counted.put(spender, spent);
      }
    }
    if (!counted.isEmpty()) {
      try {
        store.add(accounts(counted));
      } catch (RuntimeException e) {
        counted.forEach((spender, spent) -> unlimited.merge(spender, spent, BigDecimal::add));
        throw e;
      }
    }
  }

  /** Everyone who spends has a tenant's account and a task's. */
  private static Map<Account, Money> accounts(Map<Spender, BigDecimal> counted) {
    Map<Account, Money> accounts = new HashMap<>();
    counted.forEach((spender, usd) -> {
      Instant day = spender.begin();
      Money spent = new Money(usd);
      accounts.merge(Account.of(spender.tenant(), Measure.DOLLARS, day), spent, Money::plus);
      accounts.merge(Account.of(spender.task(), Measure.DOLLARS, day), spent, Money::plus);
    });
    return accounts;
  }

  /** Where every limit stands. */
  public List<Standing> standings(Instant now) {
    return store.standings(limits, now);
  }

  /** Forgets what no limit sums up any more. */
  public void forget(Instant now) {
    store.forget(now);
  }
}
