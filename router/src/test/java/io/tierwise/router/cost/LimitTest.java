package io.tierwise.router.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Tenant;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class LimitTest {
  private static final Scope ACME = new Scope.OfTenant(new Tenant("acme"));

  private static Limit soft(String share) {
    return new Limit(ACME, Measure.DOLLARS, Period.DAY, BigDecimal.TEN, new BigDecimal(share));
  }

  @Test
  void leavesWhatIsNotTakenAndAlwaysNothing() {
    Limit limit = soft("1");
    assertTrue(limit.leaves(new BigDecimal("9.9"), new BigDecimal("0.1")));
    assertFalse(limit.leaves(new BigDecimal("9.9"), new BigDecimal("0.1000001")));
    assertTrue(limit.leaves(new BigDecimal("11"), BigDecimal.ZERO));
  }

  @Test
  void softensBeyondItsShareAndNeverWithoutOne() {
    assertFalse(soft("0.8").softened(new BigDecimal("8")));
    assertTrue(soft("0.8").softened(new BigDecimal("8.01")));
    assertFalse(soft("1").softened(new BigDecimal("12")));
  }

  @Test
  void refusesASoftShareOutsideOfItsRange() {
    assertEquals("soft", assertThrows(InvalidValueException.class, () -> soft("1.1")).field());
    assertEquals("soft", assertThrows(InvalidValueException.class, () -> soft("0")).field());
  }

  @Test
  void saysItselfInWords() {
    assertEquals("the 10 dollars per day of tenant acme", soft("1").text());
  }

  @Test
  void periodsEndWhereTheNextBegins() {
    Instant moment = Instant.parse("2028-02-29T23:59:30Z");
    assertEquals(Instant.parse("2028-02-29T23:59:00Z"), Period.MINUTE.start(moment));
    assertEquals(Instant.parse("2028-02-29T00:00:00Z"), Period.DAY.start(moment));
    assertEquals(Instant.parse("2028-02-01T00:00:00Z"), Period.MONTH.start(moment));
    for (Period period : Period.values()) {
      assertEquals(Instant.parse("2028-03-01T00:00:00Z"), period.end(moment));
      assertEquals(period.end(moment), period.start(period.end(moment)));
    }
  }
}
