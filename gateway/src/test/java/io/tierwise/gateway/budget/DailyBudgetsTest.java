package io.tierwise.gateway.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.testing.BudgetsContract;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DailyBudgetsTest extends BudgetsContract {
  private static final Tenant ACME = new Tenant("acme");
  private static final LocalDate TODAY = LocalDate.parse("2026-03-01");

  @Override
  protected Budgets budgets(Map<Tenant, Money> daily) {
    return new DailyBudgets(daily);
  }

  @Test
  void restoresWhatServingHasSpentToday() {
    DailyBudgets budgets = new DailyBudgets(Map.of(ACME, Money.of("1")));
    Instant noon = Requests.NOW;
    budgets.restore(entry("acme", LedgerEntry.Purpose.SERVE, noon), TODAY);
    budgets.restore(entry("acme", LedgerEntry.Purpose.AUDIT, noon), TODAY);
    budgets.restore(entry("other", LedgerEntry.Purpose.SERVE, noon), TODAY);
    budgets.restore(
        entry("acme", LedgerEntry.Purpose.SERVE, noon.minus(Duration.ofDays(1))), TODAY);
    assertInstanceOf(Reservation.Exhausted.class, budgets.reserve(ACME, Money.of("0.4001"), noon));
    assertInstanceOf(Reservation.Granted.class, budgets.reserve(ACME, Money.of("0.4"), noon));
  }

  @Test
  void saysThatTheNextUtcDayBringsMore() {
    DailyBudgets budgets = new DailyBudgets(Map.of(ACME, Money.of("1")));
    assertEquals(
        new Reservation.Exhausted(ACME, Instant.parse("2026-03-02T00:00:00Z")),
        budgets.reserve(ACME, Money.of("2"), Requests.NOW));
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
