package io.tierwise.router.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.request.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store of budgets holds to. Extend it with a test class per implementation. */
public abstract class BudgetsContract {
  private static final Tenant CAPPED = new Tenant("capped");
  private static final Tenant OTHER = new Tenant("other");
  private static final Tenant UNLISTED = new Tenant("unlisted");
  private static final Instant NOW = Instant.parse("2026-03-01T23:59:58.5Z");

  /** Budgets with nothing spent; called once per test. */
  protected abstract Budgets budgets(Map<Tenant, Money> daily) throws Exception;

  private Budgets budgets() throws Exception {
    return budgets(Map.of(CAPPED, Money.of("1"), OTHER, Money.of("1")));
  }

  private static Reservation.Granted granted(Reservation reservation) {
    return assertInstanceOf(Reservation.Granted.class, reservation);
  }

  private static Reservation.Exhausted exhausted(Reservation reservation) {
    return assertInstanceOf(Reservation.Exhausted.class, reservation);
  }

  @Test
  public void grantsToTheLastDigitOfTheCapAndNotBeyond() throws Exception {
    Budgets budgets = budgets();
    granted(budgets.reserve(CAPPED, Money.of("0.9999999999999999999999"), NOW));
    exhausted(budgets.reserve(CAPPED, Money.of("0.0000000000000000000002"), NOW));
    granted(budgets.reserve(CAPPED, Money.of("0.0000000000000000000001"), NOW));
    exhausted(budgets.reserve(CAPPED, Money.of("0.0000000000000000000001"), NOW));
  }

  @Test
  public void aGrantSaysWhatWasAskedFor() throws Exception {
    Reservation reservation = budgets().reserve(CAPPED, Money.of("0.25"), NOW);
    assertEquals(new Reservation.Granted(CAPPED, Money.of("0.25"), NOW), reservation);
  }

  @Test
  public void settlingFreesWhatTheWorkDidNotCost() throws Exception {
    Budgets budgets = budgets();
    Reservation.Granted first = granted(budgets.reserve(CAPPED, Money.of("1"), NOW));
    exhausted(budgets.reserve(CAPPED, Money.of("0.1"), NOW));
    budgets.settle(first, Money.of("0.3"));
    exhausted(budgets.reserve(CAPPED, Money.of("0.71"), NOW));
    granted(budgets.reserve(CAPPED, Money.of("0.7"), NOW));
  }

  @Test
  public void workThatCostMoreThanItsWorstCaseIsCountedInFull() throws Exception {
    Budgets budgets = budgets();
    budgets.settle(granted(budgets.reserve(CAPPED, Money.of("0.1"), NOW)), Money.of("0.95"));
    exhausted(budgets.reserve(CAPPED, Money.of("0.06"), NOW));
    granted(budgets.reserve(CAPPED, Money.of("0.05"), NOW));
  }

  @Test
  public void workThatCostsNothingIsGrantedAlsoWhenOverdrawn() throws Exception {
    Budgets budgets = budgets();
    budgets.settle(granted(budgets.reserve(CAPPED, Money.of("1"), NOW)), Money.of("2"));
    granted(budgets.reserve(CAPPED, Money.ZERO, NOW));
    exhausted(budgets.reserve(CAPPED, Money.of("0.01"), NOW));
  }

  @Test
  public void tenantsDoNotSpendEachOthersBudget() throws Exception {
    Budgets budgets = budgets();
    granted(budgets.reserve(CAPPED, Money.of("1"), NOW));
    exhausted(budgets.reserve(CAPPED, Money.of("1"), NOW));
    granted(budgets.reserve(OTHER, Money.of("1"), NOW));
  }

  @Test
  public void aTenantWithoutABudgetIsNotLimited() throws Exception {
    Budgets budgets = budgets();
    budgets.settle(granted(budgets.reserve(UNLISTED, Money.of("50"), NOW)), Money.of("50"));
    granted(budgets.reserve(UNLISTED, Money.of("1000000"), NOW));
  }

  @Test
  public void anExhaustedTenantMaySpendAgainWhenItSays() throws Exception {
    Budgets budgets = budgets();
    granted(budgets.reserve(CAPPED, Money.of("1"), NOW));
    Instant resetsAt = exhausted(budgets.reserve(CAPPED, Money.of("1"), NOW)).resetsAt();
    assertTrue(resetsAt.isAfter(NOW), () -> resetsAt + " is past");
    exhausted(budgets.reserve(CAPPED, Money.of("1"), resetsAt.minusNanos(1)));
    granted(budgets.reserve(CAPPED, Money.of("1"), resetsAt));
  }

  @Test
  public void workIsSettledInThePeriodItWasReservedIn() throws Exception {
    Budgets budgets = budgets();
    Reservation.Granted before = granted(budgets.reserve(CAPPED, Money.of("1"), NOW));
    Instant next = exhausted(budgets.reserve(CAPPED, Money.of("1"), NOW)).resetsAt();
    Reservation.Granted after = granted(budgets.reserve(CAPPED, Money.of("0.6"), next));
    budgets.settle(before, Money.of("1"));
    budgets.settle(after, Money.of("0.6"));
    exhausted(budgets.reserve(CAPPED, Money.of("0.41"), next));
    granted(budgets.reserve(CAPPED, Money.of("0.4"), next));
  }

  @Test
  public void concurrentReservationsNeverExceedTheCap() throws Exception {
    Budgets budgets = budgets();
    Money each = Money.of("0.01");
    List<Reservation> reservations = reserveConcurrently(budgets, 400, each);
    long granted = reservations.stream().filter(Reservation.Granted.class::isInstance).count();
    assertEquals(100, granted);
  }

  @Test
  public void concurrentSettlingLosesNothing() throws Exception {
    Budgets budgets = budgets();
    List<Reservation> reservations = reserveConcurrently(budgets, 100, Money.of("0.01"));
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> settled = new ArrayList<>();
      for (Reservation reservation : reservations) {
        settled.add(executor.submit(() -> budgets.settle(granted(reservation), Money.of("0.004"))));
      }
      for (Future<?> one : settled) {
        one.get();
      }
    }
    exhausted(budgets.reserve(CAPPED, Money.of("0.601"), NOW));
    granted(budgets.reserve(CAPPED, Money.of("0.6"), NOW));
  }

  private static List<Reservation> reserveConcurrently(Budgets budgets, int times, Money each)
      throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reservation>> asked = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        asked.add(executor.submit(() -> budgets.reserve(CAPPED, each, NOW)));
      }
      List<Reservation> reservations = new ArrayList<>();
      for (Future<Reservation> reservation : asked) {
        reservations.add(reservation.get());
      }
      return reservations;
    }
  }
}
