package io.tierwise.router.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.request.Tenant;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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
  private static final Instant NEXT_DAY = Instant.parse("2026-03-02T00:00:00Z");
  private static final Duration LEASE = Duration.ofSeconds(40);

  /** Budgets with nothing spent; called once per test. */
  protected abstract Budgets budgets(List<Limit> limits) throws Exception;

  private Budgets budgets() throws Exception {
    return budgets(List.of(daily(CAPPED), daily(OTHER)));
  }

  private static Limit daily(Tenant tenant) {
    return Limit.of(new Scope.OfTenant(tenant), Period.DAY, Money.of("1"));
  }

  private static Limit perMinute(Measure measure, long amount) {
    return new Limit(
        new Scope.OfTenant(CAPPED),
        measure,
        Period.MINUTE,
        BigDecimal.valueOf(amount),
        BigDecimal.ONE);
  }

  private static Claim claim(Tenant tenant, String task, String worst, long tokens, Instant at) {
    return new Claim(tenant, task, Money.of(worst), tokens, at, at.plus(LEASE));
  }

  private static Claim claim(Tenant tenant, String worst, Instant at) {
    return claim(tenant, "support", worst, 0, at);
  }

  private static Claim capped(String worst) {
    return claim(CAPPED, worst, NOW);
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
    granted(budgets.reserve(capped("0.9999999999999999999999")));
    exhausted(budgets.reserve(capped("0.0000000000000000000002")));
    granted(budgets.reserve(capped("0.0000000000000000000001")));
    exhausted(budgets.reserve(capped("0.0000000000000000000001")));
  }

  @Test
  public void aGrantSaysWhatWasAskedFor() throws Exception {
    Claim claim = capped("0.25");
    assertEquals(claim, granted(budgets().reserve(claim)).claim());
  }

  @Test
  public void settlingFreesWhatTheWorkDidNotCost() throws Exception {
    Budgets budgets = budgets();
    Reservation.Granted first = granted(budgets.reserve(capped("1")));
    exhausted(budgets.reserve(capped("0.1")));
    budgets.settle(first, Money.of("0.3"), 0);
    exhausted(budgets.reserve(capped("0.71")));
    granted(budgets.reserve(capped("0.7")));
  }

  @Test
  public void workThatCostMoreThanItsWorstCaseIsCountedInFull() throws Exception {
    Budgets budgets = budgets();
    budgets.settle(granted(budgets.reserve(capped("0.1"))), Money.of("0.95"), 0);
    exhausted(budgets.reserve(capped("0.06")));
    granted(budgets.reserve(capped("0.05")));
  }

  @Test
  public void workThatCostsNothingIsGrantedAlsoWhenOverdrawn() throws Exception {
    Budgets budgets = budgets();
    budgets.settle(granted(budgets.reserve(capped("1"))), Money.of("2"), 0);
    granted(budgets.reserve(capped("0")));
    exhausted(budgets.reserve(capped("0.01")));
  }

  @Test
  public void tenantsDoNotSpendEachOthersBudget() throws Exception {
    Budgets budgets = budgets();
    granted(budgets.reserve(capped("1")));
    exhausted(budgets.reserve(capped("1")));
    granted(budgets.reserve(claim(OTHER, "1", NOW)));
  }

  @Test
  public void aTenantWithoutABudgetIsNotLimited() throws Exception {
    Budgets budgets = budgets();
    budgets.settle(granted(budgets.reserve(claim(UNLISTED, "50", NOW))), Money.of("50"), 0);
    granted(budgets.reserve(claim(UNLISTED, "1000000", NOW)));
  }

  @Test
  public void anExhaustedTenantMaySpendAgainWhenItSays() throws Exception {
    Budgets budgets = budgets();
    granted(budgets.reserve(capped("1")));
    Reservation.Exhausted exhausted = exhausted(budgets.reserve(capped("1")));
    assertEquals(new Reservation.Exhausted(daily(CAPPED), NEXT_DAY), exhausted);
    exhausted(budgets.reserve(claim(CAPPED, "1", NEXT_DAY.minusNanos(1))));
    granted(budgets.reserve(claim(CAPPED, "1", NEXT_DAY)));
  }

  @Test
  public void workIsSettledInThePeriodItWasReservedIn() throws Exception {
    Budgets budgets = budgets();
    Reservation.Granted before = granted(budgets.reserve(capped("1")));
    Reservation.Granted after = granted(budgets.reserve(claim(CAPPED, "0.6", NEXT_DAY)));
    budgets.settle(before, Money.of("1"), 0);
    budgets.settle(after, Money.of("0.6"), 0);
    exhausted(budgets.reserve(claim(CAPPED, "0.41", NEXT_DAY)));
    granted(budgets.reserve(claim(CAPPED, "0.4", NEXT_DAY)));
  }

  @Test
  public void aReservationThatNobodySettlesIsLetGoWhenItsLeaseEnds() throws Exception {
    Limit monthly = Limit.of(new Scope.OfTenant(CAPPED), Period.MONTH, Money.of("1"));
    Budgets budgets = budgets(List.of(monthly));
    granted(budgets.reserve(capped("0.7")));
    granted(budgets.reserve(claim(CAPPED, "0.3", NOW.plusSeconds(1))));
    exhausted(budgets.reserve(claim(CAPPED, "0.1", NOW.plus(LEASE).minusMillis(1))));
    granted(budgets.reserve(claim(CAPPED, "0.7", NOW.plus(LEASE))));
    exhausted(budgets.reserve(claim(CAPPED, "0.1", NOW.plus(LEASE))));
  }

  @Test
  public void whatIsSettledAfterItsLeaseIsCountedOnce() throws Exception {
    Limit monthly = Limit.of(new Scope.OfTenant(CAPPED), Period.MONTH, Money.of("1"));
    Budgets budgets = budgets(List.of(monthly));
    Reservation.Granted late = granted(budgets.reserve(capped("1")));
    Instant after = NOW.plus(LEASE);
    budgets.settle(granted(budgets.reserve(claim(CAPPED, "0.9", after))), Money.of("0.2"), 0);
    budgets.settle(late, Money.of("0.3"), 0);
    exhausted(budgets.reserve(claim(CAPPED, "0.51", after)));
    granted(budgets.reserve(claim(CAPPED, "0.5", after)));
  }

  @Test
  public void theDaysOfAMonthAddUp() throws Exception {
    Limit monthly = Limit.of(new Scope.OfTenant(CAPPED), Period.MONTH, Money.of("1.5"));
    Budgets budgets = budgets(List.of(daily(CAPPED), monthly));
    Instant first = Instant.parse("2026-02-10T10:00:00Z");
    Instant second = Instant.parse("2026-02-11T10:00:00Z");
    budgets.settle(granted(budgets.reserve(claim(CAPPED, "1", first))), Money.of("1"), 0);
    assertEquals(daily(CAPPED), exhausted(budgets.reserve(claim(CAPPED, "0.1", first))).limit());
    granted(budgets.reserve(claim(CAPPED, "0.5", second)));
    assertEquals(
        new Reservation.Exhausted(monthly, Instant.parse("2026-03-01T00:00:00Z")),
        budgets.reserve(claim(CAPPED, "0.1", second)));
    granted(budgets.reserve(claim(CAPPED, "1", Instant.parse("2026-03-01T00:00:00Z"))));
  }

  @Test
  public void aTeamsTenantsShareItsBudget() throws Exception {
    Scope team = new Scope.OfTeam("growth", new TreeSet<>(List.of("capped", "other")));
    Limit limit = Limit.of(team, Period.DAY, Money.of("1"));
    Budgets budgets = budgets(List.of(limit));
    granted(budgets.reserve(capped("0.6")));
    assertEquals(limit, exhausted(budgets.reserve(claim(OTHER, "0.5", NOW))).limit());
    granted(budgets.reserve(claim(OTHER, "0.4", NOW)));
    granted(budgets.reserve(claim(UNLISTED, "5", NOW)));
  }

  @Test
  public void aTasksBudgetIsSharedByAllWhoAskIt() throws Exception {
    Limit limit = Limit.of(new Scope.OfTask("support"), Period.DAY, Money.of("1"));
    Budgets budgets = budgets(List.of(limit));
    granted(budgets.reserve(claim(CAPPED, "support", "0.6", 0, NOW)));
    exhausted(budgets.reserve(claim(OTHER, "support", "0.5", 0, NOW)));
    granted(budgets.reserve(claim(OTHER, "triage", "0.5", 0, NOW)));
  }

  @Test
  public void aClaimThatOneLimitRefusesTakesNothingOfTheOthers() throws Exception {
    Limit task = Limit.of(new Scope.OfTask("support"), Period.DAY, Money.of("0.5"));
    Budgets budgets = budgets(List.of(daily(CAPPED), perMinute(Measure.REQUESTS, 2), task));
    exhausted(budgets.reserve(claim(CAPPED, "support", "0.6", 0, NOW)));
    exhausted(budgets.reserve(claim(CAPPED, "support", "0.6", 0, NOW)));
    granted(budgets.reserve(claim(CAPPED, "triage", "1", 0, NOW)));
    exhausted(budgets.reserve(claim(CAPPED, "triage", "0.1", 0, NOW)));
  }

  @Test
  public void sayWhenASoftLimitIsPassed() throws Exception {
    Limit soft =
        new Limit(
            new Scope.OfTenant(CAPPED),
            Measure.DOLLARS,
            Period.DAY,
            BigDecimal.ONE,
            new BigDecimal("0.8"));
    Budgets budgets = budgets(List.of(soft));
    Reservation.Granted first = granted(budgets.reserve(capped("0.8")));
    assertFalse(first.soft());
    assertTrue(granted(budgets.reserve(capped("0.01"))).soft());
    budgets.settle(first, Money.of("0.1"), 0);
    assertFalse(granted(budgets.reserve(capped("0.01"))).soft());
  }

  @Test
  public void requestsAreCountedByTheMinute() throws Exception {
    Limit limit = perMinute(Measure.REQUESTS, 2);
    Budgets budgets = budgets(List.of(limit));
    budgets.settle(granted(budgets.reserve(capped("0"))), Money.ZERO, 0);
    granted(budgets.reserve(capped("0")));
    assertEquals(new Reservation.Exhausted(limit, NEXT_DAY), budgets.reserve(capped("0")));
    granted(budgets.reserve(claim(CAPPED, "0", NEXT_DAY)));
  }

  @Test
  public void tokensAreSetAsideAndSettledByTheMinute() throws Exception {
    Limit limit = perMinute(Measure.TOKENS, 100);
    Budgets budgets = budgets(List.of(limit));
    Reservation.Granted first = granted(budgets.reserve(claim(CAPPED, "support", "0", 90, NOW)));
    exhausted(budgets.reserve(claim(CAPPED, "support", "0", 20, NOW)));
    granted(budgets.reserve(claim(CAPPED, "support", "0", 0, NOW)));
    budgets.settle(first, Money.ZERO, 40);
    assertEquals(limit, exhausted(budgets.reserve(claim(CAPPED, "support", "0", 61, NOW))).limit());
    granted(budgets.reserve(claim(CAPPED, "support", "0", 60, NOW)));
    granted(budgets.reserve(claim(CAPPED, "support", "0", 100, NEXT_DAY)));
  }

  @Test
  public void concurrentReservationsNeverExceedTheCap() throws Exception {
    Budgets budgets = budgets();
    List<Reservation> reservations = reserveConcurrently(budgets, 400, "0.01");
    long granted = reservations.stream().filter(Reservation.Granted.class::isInstance).count();
    assertEquals(100, granted);
  }

  @Test
  public void concurrentSettlingLosesNothing() throws Exception {
    Budgets budgets = budgets();
    List<Reservation> reservations = reserveConcurrently(budgets, 100, "0.01");
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> settled = new ArrayList<>();
      for (Reservation reservation : reservations) {
        settled.add(
            executor.submit(() -> budgets.settle(granted(reservation), Money.of("0.004"), 0)));
      }
      for (Future<?> one : settled) {
        one.get();
      }
    }
    exhausted(budgets.reserve(capped("0.601")));
    granted(budgets.reserve(capped("0.6")));
  }

  private static List<Reservation> reserveConcurrently(Budgets budgets, int times, String each)
      throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reservation>> asked = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        asked.add(executor.submit(() -> budgets.reserve(capped(each))));
      }
      List<Reservation> reservations = new ArrayList<>();
      for (Future<Reservation> reservation : asked) {
        reservations.add(reservation.get());
      }
      return reservations;
    }
  }
}
