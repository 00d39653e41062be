package io.tierwise.router.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class MoneyTest {
  @Test
  void equalAmountsAreEqualHoweverTheyAreWritten() {
    assertEquals(Money.of("1.5"), Money.of("1.500"));
    assertEquals(Money.of("1.5").hashCode(), Money.of("1.500").hashCode());
    assertEquals(Money.of("100"), Money.of("1E+2"));
    assertEquals(Money.ZERO, Money.of("0.000"));
    assertEquals(Money.ZERO, Money.of("0E+5"));
    assertNotEquals(Money.of("1.5"), Money.of("1.50000000000000000001"));
  }

  @Test
  void aMillionthShareOfAMillionPriceIsExact() {
    assertEquals(Money.of("0.00000015"), Money.of("0.15").perMillion());
  }

  @Test
  void aShareHasEighteenDecimals() {
    assertEquals("0.333333333333333333", Money.of("1").share(BigDecimal.valueOf(3)).toString());
    assertEquals(
        "0.000000000000000002", Money.of("0.000000000000000005").share(BigDecimal.TWO).toString());
  }

  @Test
  void printsAllDigitsWithoutExponent() {
    assertEquals("0.0000000000000000000000000001", Money.of("1e-28").toString());
    assertEquals("12000", Money.of("1.2E4").toString());
  }

  @Property
  void printsWhatTheDecimalHasAsPlainDigits(
      @ForAll @BigRange(min = "-1e40", max = "1e40") BigInteger digits,
      @ForAll @IntRange(min = -20, max = 60) int scale) {
    Money money = new Money(new BigDecimal(digits, scale));
    assertEquals(money.usd().toPlainString(), money.toString());
  }

  @Test
  void roundsHalfEvenForPeopleOnly() {
    assertEquals("0.12", Money.of("0.125").rounded(2));
    assertEquals("0.14", Money.of("0.135").rounded(2));
    assertEquals("3.00", Money.of("3").rounded(2));
  }

  @Test
  void aSavingIsAShareOfTheWholeAndMayBeNegative() {
    assertEquals(new BigDecimal("0.750000"), Money.of("1").savingAgainst(Money.of("4")));
    assertEquals(new BigDecimal("-0.500000"), Money.of("6").savingAgainst(Money.of("4")));
    assertEquals(new BigDecimal("0.666667"), Money.of("1").savingAgainst(Money.of("3")));
    assertEquals(BigDecimal.ZERO, Money.of("1").savingAgainst(Money.ZERO));
  }

  @Test
  void knowsADebt() {
    assertTrue(Money.of("1").minus(Money.of("1.01")).isNegative());
    assertFalse(Money.ZERO.isNegative());
  }

  @Test
  void refusesWhatIsNoNumber() {
    InvalidValueException trouble =
        assertThrows(InvalidValueException.class, () -> Money.of("$1.50"));
    assertEquals(
        "money: '$1.50' is no decimal number; give dollars such as 0.0025", trouble.getMessage());
  }
}
