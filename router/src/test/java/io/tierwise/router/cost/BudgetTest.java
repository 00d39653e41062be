package io.tierwise.router.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import org.junit.jupiter.api.Test;

final class BudgetTest {
  private static final Money ONE = Money.of("1");

  @Test
  void aReservationIsSetAsideAndThenReplacedByTheCost() {
    Budget reserved = Budget.of(ONE).reserve(Money.of("0.4"));
    assertEquals(new Budget(ONE, Money.ZERO, Money.of("0.4")), reserved);
    assertEquals(
        new Budget(ONE, Money.of("0.1"), Money.ZERO),
        reserved.settle(Money.of("0.4"), Money.of("0.1")));
  }

  @Test
  void coversUpToTheLimitExactly() {
    Budget budget = new Budget(ONE, Money.of("0.5"), Money.of("0.3"));
    assertTrue(budget.covers(Money.of("0.2")));
    assertFalse(budget.covers(Money.of("0.20000000000000000001")));
    assertThrows(InvalidValueException.class, () -> budget.reserve(Money.of("0.21")));
  }

  @Test
  void showsWhatWasOverspentAndStillCoversWhatIsFree() {
    Budget overspent = Budget.of(ONE).reserve(ONE).settle(ONE, Money.of("1.7"));
    assertEquals(Money.of("1.7"), overspent.spent());
    assertTrue(overspent.covers(Money.ZERO));
    assertFalse(overspent.covers(Money.of("0.000001")));
  }

  @Test
  void aReservationCannotBeSettledTwice() {
    Budget settled = Budget.of(ONE).reserve(ONE).settle(ONE, Money.ZERO);
    assertThrows(InvalidValueException.class, () -> settled.settle(ONE, Money.ZERO));
  }
}
