package io.tierwise.router.testing;

import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Limits that are gone with the process. Thread-safe. */
public final class InMemoryBudgets implements Budgets {
  private final List<Limit> limits;
  private final Map<Account, Standing> accounts = new HashMap<>();
  private final Map<String, Claim> open = new HashMap<>();
  private int reservations;

  private record Account(Limit limit, Instant start) {
    static Account of(Limit limit, Claim claim) {
      return new Account(limit, limit.period().start(claim.at()));
    }
  }

  /** Where a limit stands in one period. */
  public record Standing(Money limit, Money spent, Money reserved) {
    static Standing of(Limit limit) {
      return new Standing(new Money(limit.amount()), Money.ZERO, Money.ZERO);
    }

    BigDecimal taken() {
      return spent.plus(reserved).usd();
    }
  }

  public InMemoryBudgets(List<Limit> limits) {
    this.limits = List.copyOf(limits);
  }

  @Override
  public synchronized Reservation reserve(Claim claim) {
    List<String> ended =
        open.entrySet().stream()
            .filter(entry -> !entry.getValue().leaseEnds().isAfter(claim.at()))
            .map(Map.Entry::getKey)
            .toList();
    ended.forEach(id -> release(open.remove(id)));
    List<Limit> concerned = limits.stream().filter(limit -> limit.concerns(claim)).toList();
    Optional<Limit> exhausted =
        concerned.stream()
            .filter(limit -> !limit.leaves(standing(limit, claim).taken(), asked(limit, claim)))
            .max(Comparator.comparing(limit -> limit.period().end(claim.at())));
    if (exhausted.isPresent()) {
      return new Reservation.Exhausted(exhausted.get(), exhausted.get().period().end(claim.at()));
    }
    boolean soft = false;
    for (Limit limit : concerned) {
      add(limit, claim, Money.ZERO, new Money(asked(limit, claim)));
      soft |= limit.softened(standing(limit, claim).taken());
    }
    String id = Integer.toString(reservations++);
    open.put(id, claim);
    return new Reservation.Granted(id, claim, soft);
  }

  @Override
  public synchronized void settle(Reservation.Granted reservation, Money actual, long tokens) {
    Claim claim = reservation.claim();
    if (open.remove(reservation.id()) != null) {
      release(claim);
    }
    for (Limit limit : limits) {
      if (limit.concerns(claim)) {
        Money used =
            switch (limit.measure()) {
              case DOLLARS -> actual;
              case TOKENS -> new Money(BigDecimal.valueOf(tokens));
              case REQUESTS -> Money.ZERO;
            };
        add(limit, claim, used, Money.ZERO);
      }
    }
  }

  private void release(Claim claim) {
    for (Limit limit : limits) {
      // A request that was let in stays counted.
      if (limit.concerns(claim) && limit.measure() != Measure.REQUESTS) {
        add(limit, claim, Money.ZERO, Money.ZERO.minus(new Money(asked(limit, claim))));
      }
    }
  }

  private void add(Limit limit, Claim claim, Money spent, Money reserved) {
    Standing before = standing(limit, claim);
    accounts.put(
        Account.of(limit, claim),
        new Standing(before.limit(), before.spent().plus(spent), before.reserved().plus(reserved)));
  }

  private static BigDecimal asked(Limit limit, Claim claim) {
    return claim.asks(limit.measure());
  }

  private Standing standing(Limit limit, Claim claim) {
    return accounts.getOrDefault(Account.of(limit, claim), Standing.of(limit));
  }

  /** Where a limit stands in the period of an instant. */
  public synchronized Standing standing(Limit limit, Instant at) {
    return accounts.getOrDefault(new Account(limit, limit.period().start(at)), Standing.of(limit));
  }
}
