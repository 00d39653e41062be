package io.tierwise.gateway.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.BudgetStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.ChildProcess;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.cost.Standing;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.testing.BudgetsContract;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredBudgetsTest extends BudgetsContract {
  private static final Tenant ACME = new Tenant("acme");
  private static final Instant NOW = Requests.NOW;
  private static final Limit DAILY = Limit.of(new Scope.OfTenant(ACME), Period.DAY, Money.of("1"));

  @TempDir private Path directory;
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(directory);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  protected Budgets budgets(List<Limit> limits) {
    return stored(limits);
  }

  private StoredBudgets stored(List<Limit> limits) {
    return new StoredBudgets(new BudgetStore(database), limits);
  }

  static Claim claim(String worst, Instant at) {
    return new Claim(ACME, "support", Money.of(worst), 0, at, at.plusSeconds(40));
  }

  private static Reservation.Granted granted(Reservation reservation) {
    return assertInstanceOf(Reservation.Granted.class, reservation);
  }

  private static Standing standing(String spent, String reserved, String lapsed) {
    return new Standing(
        DAILY,
        new BigDecimal(spent),
        new BigDecimal(reserved),
        new BigDecimal(lapsed),
        Instant.parse("2026-03-02T00:00:00Z"));
  }

  @Test
  void aLimitGivenInTheMiddleOfADayCountsWhatWasSpentBefore() {
    StoredBudgets budgets = stored(List.of());
    budgets.settle(granted(budgets.reserve(claim("5", NOW))), Money.of("0.6"), 0);
    budgets.limit(List.of(DAILY));
    assertInstanceOf(Reservation.Exhausted.class, budgets.reserve(claim("0.41", NOW)));
    granted(budgets.reserve(claim("0.4", NOW)));
  }

  @Test
  void restoresFromTheLedgerWhatServingHasSpent() {
    StoredBudgets budgets = stored(List.of(DAILY));
    assertTrue(budgets.unknown());
    budgets.restore(entry("acme", LedgerEntry.Purpose.SERVE, NOW));
    budgets.restore(entry("acme", LedgerEntry.Purpose.AUDIT, NOW));
    budgets.restore(entry("other", LedgerEntry.Purpose.SERVE, NOW));
    budgets.restore(entry("acme", LedgerEntry.Purpose.SERVE, NOW.minus(Duration.ofDays(1))));
    budgets.flush();
    assertFalse(budgets.unknown());
    assertEquals(List.of(standing("0.6", "0", "0")), budgets.standings(NOW));
  }

  @Test
  void twoGatewaysKeepWithinOneCap() {
    try (Database other = Database.open(directory)) {
      StoredBudgets here = stored(List.of(DAILY));
      StoredBudgets there = new StoredBudgets(new BudgetStore(other), List.of(DAILY));
      Reservation.Granted first = granted(here.reserve(claim("0.7", NOW)));
      assertInstanceOf(Reservation.Exhausted.class, there.reserve(claim("0.4", NOW)));
      here.settle(first, Money.of("0.1"), 0);
      granted(there.reserve(claim("0.9", NOW)));
      assertInstanceOf(Reservation.Exhausted.class, here.reserve(claim("0.01", NOW)));
    }
  }

  @Test
  void noReservationOfAKilledProcessOutlivesItsLease() throws Exception {
    try (ChildProcess child = ChildProcess.run(ReservingMain.class, directory.toString())) {
      assertEquals("reserved", child.line());
      child.kill();
    }
    StoredBudgets budgets = stored(List.of(DAILY));
    assertEquals(List.of(standing("0", "0.9", "0")), budgets.standings(NOW));
    Instant justBefore = NOW.plusSeconds(40).minusMillis(1);
    assertInstanceOf(Reservation.Exhausted.class, budgets.reserve(claim("0.2", justBefore)));
    granted(budgets.reserve(claim("1", NOW.plusSeconds(40))));
    assertEquals(List.of(standing("0", "1", "0.9")), budgets.standings(NOW.plusSeconds(40)));
  }

  @Test
  void whatALateSettlementExplainsIsNoLongerLapsed() {
    StoredBudgets budgets = stored(List.of(DAILY));
    Reservation.Granted late = granted(budgets.reserve(claim("0.9", NOW)));
    Instant after = NOW.plusSeconds(40);
    assertEquals(List.of(standing("0", "0", "0.9")), budgets.standings(after));
    budgets.settle(late, Money.of("0.2"), 0);
    assertEquals(List.of(standing("0.2", "0", "0")), budgets.standings(after));
  }

  @Test
  void forgetsNoDayThatAMonthStillSums() {
    StoredBudgets budgets = stored(List.of(DAILY));
    Instant first = Instant.parse("2026-03-01T00:00:00Z");
    budgets.settle(granted(budgets.reserve(claim("0.5", first))), Money.of("0.5"), 0);
    budgets.forget(Instant.parse("2026-03-31T23:59:59Z"));
    assertEquals(List.of(standing("0.5", "0", "0")), budgets.standings(first));
    budgets.forget(Instant.parse("2026-05-01T00:00:00Z"));
    assertTrue(budgets.unknown());
  }

  private static LedgerEntry entry(String tenant, LedgerEntry.Purpose purpose, Instant at) {
    return new LedgerEntry(
        "r1",
        at,
        tenant,
        "support",
        purpose,
        null,
        "x",
        null,
        null,
        List.of(),
        Money.of("0.6"),
        Money.ZERO,
        false,
        1,
        false,
        false,
        Duration.ZERO);
  }
}
