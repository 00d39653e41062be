package io.tierwise.router.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TariffTest {
  @Test
  void chargesFreshCachedAndWrittenTokensEachAtItsPrice() {
    Tariff tariff = new Tariff.PerToken(Money.of("2.50"), Money.of("1.25"), Money.of("10"));
    Usage usage = new Usage(1, 1_000, 400, 7, Duration.ZERO);
    // 600 · 2.50 + 400 · 1.25 + 7 · 10 = 1500 + 500 + 70, per million
    assertEquals(Money.of("0.00207"), tariff.cost(usage));
  }

  @Test
  void chargesGigabyteSecondsToTheNanosecond() {
    Tariff tariff = new Tariff.PerGbSecond(Money.of("0.0000166667"), new BigDecimal("1.769"));
    Usage usage = Usage.call(Duration.ofNanos(1_234_567));
    assertEquals(
        new Money(
            new BigDecimal("0.0000166667")
                .multiply(new BigDecimal("1.769"))
                .multiply(new BigDecimal("0.001234567"))),
        tariff.cost(usage));
  }

  @Test
  void chargesCallsAndNothingWhereNothingWasCalled() {
    Tariff tariff = new Tariff.PerRequest(Money.of("0.0004"));
    assertEquals(Money.of("0.0004"), tariff.cost(Usage.call(Duration.ofSeconds(3))));
    assertEquals(Money.ZERO, tariff.cost(Usage.NONE));
    assertEquals(Money.of("0.0012"), tariff.cost(new Usage(3, 0, 0, 0, Duration.ZERO)));
  }

  @Test
  void chargesAnInstanceByTheShareThatARequestTakes() {
    Tariff tariff = new Tariff.PerInstanceHour(Money.of("1.408"), BigDecimal.valueOf(36_000));
    assertEquals(Money.of("0.000039111111111111"), tariff.cost(Usage.call(Duration.ZERO)));
  }

  @Test
  void refusesAShareThatDoesNotFollowFromTheHour() {
    InvalidValueException trouble =
        assertThrows(
            InvalidValueException.class,
            () ->
                new Tariff.PerInstanceHour(
                    Money.of("2"), BigDecimal.valueOf(100), Money.of("0.03")));
    assertEquals("perRequest", trouble.field());
  }

  @Test
  void refusesANegativePriceByName() {
    Money debt = Money.of("-0.01");
    Money price = Money.of("1");
    assertEquals(
        "outputPerMillion: -0.01 is negative; give a price of 0 or more",
        assertThrows(InvalidValueException.class, () -> new Tariff.PerToken(price, price, debt))
            .getMessage());
    assertField("inputPerMillion", () -> new Tariff.PerToken(debt, price, price));
    assertField("cachedInputPerMillion", () -> new Tariff.PerToken(price, debt, price));
    assertField("perGbSecond", () -> new Tariff.PerGbSecond(debt, BigDecimal.ONE));
    assertField("gigabytes", () -> new Tariff.PerGbSecond(price, BigDecimal.ZERO));
    assertField("perRequest", () -> new Tariff.PerRequest(debt));
    assertField("hourly", () -> new Tariff.PerInstanceHour(debt, BigDecimal.ONE));
    assertField("requestsPerHour", () -> new Tariff.PerInstanceHour(price, BigDecimal.ZERO));
  }

  private static void assertField(String field, Runnable construction) {
    assertEquals(field, assertThrows(InvalidValueException.class, construction::run).field());
  }

  @Test
  void usageRefusesMoreCachedTokensThanThereAre() {
    assertEquals(
        "usage.inputTokens less cachedInputTokens: -1 is negative; give 0 or more",
        assertThrows(InvalidValueException.class, () -> new Usage(1, 5, 6, 0, Duration.ZERO))
            .getMessage());
  }

  @Test
  void usagesAddUpFieldByField() {
    assertEquals(
        new Usage(3, 15, 4, 7, Duration.ofMillis(30)),
        new Usage(1, 5, 4, 1, Duration.ofMillis(10))
            .plus(new Usage(2, 10, 0, 6, Duration.ofMillis(20))));
  }
}
