package io.tierwise.router.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class PriceBookTest {
  private static final LocalDate START = LocalDate.of(2026, 1, 1);

  private static Price price(String id, LocalDate from, String perRequest) {
    Tariff tariff = new Tariff.PerRequest(Money.of(perRequest));
    return new Price(id, "us-east-1", from, "price list", tariff);
  }

  @Test
  void aPriceHoldsFromItsDayUntilTheNext() {
    Price january = price("large", START, "2");
    Price march = price("large", START.plusMonths(2), "1");
    PriceBook book = new PriceBook(List.of(march, january));
    assertEquals(january, book.price("large", START));
    assertEquals(january, book.price("large", START.plusMonths(2).minusDays(1)));
    assertEquals(march, book.price("large", START.plusMonths(2)));
    assertEquals(march, book.price("large", START.plusYears(5)));
  }

  @Test
  void aUsersEntryReplacesTheOneOfItsDate() {
    PriceBook shipped = new PriceBook(List.of(price("large", START, "2")));
    Price negotiated = price("large", START, "1.5");
    PriceBook book = shipped.overriddenBy(new PriceBook(List.of(negotiated)));
    assertEquals(negotiated, book.price("large", START));
  }

  @Test
  void saysWhichPricesThereAre() {
    PriceBook book = new PriceBook(List.of(price("small", START, "1"), price("large", START, "2")));
    assertEquals(
        "price: there is no price 'huge'; add one, or use one of: large, small",
        assertThrows(InvalidValueException.class, () -> book.price("huge", START)).getMessage());
  }

  @Test
  void saysFromWhenAPriceHolds() {
    PriceBook book = new PriceBook(List.of(price("large", START, "2")));
    assertEquals(
        "price: 'large' holds only from 2026-01-01, not on 2025-12-31; "
            + "add an entry that holds by then",
        assertThrows(InvalidValueException.class, () -> book.price("large", START.minusDays(1)))
            .getMessage());
  }

  @Provide
  Arbitrary<Price> prices() {
    return Combinators.combine(
            Arbitraries.of("large", "small"),
            Arbitraries.integers().between(0, 20),
            Arbitraries.integers().between(0, 1000))
        .as((id, day, amount) -> price(id, START.plusDays(day), amount.toString()));
  }

  @Property
  void picksTheNewestThatHolds(
      @ForAll List<@From("prices") Price> prices, @ForAll @IntRange(max = 25) int day) {
    LocalDate on = START.plusDays(day);
    Optional<Price> expected =
        prices.stream()
            .filter(price -> price.id().equals("large") && !price.effectiveFrom().isAfter(on))
            // reduce keeps the later of two with one date, as the book does
            .reduce((one, other) ->
                Comparator.comparing(Price::effectiveFrom).compare(one, other) > 0 ? one : other);
    PriceBook book = new PriceBook(prices);
    expected.ifPresentOrElse(
        price -> assertEquals(price, book.price("large", on)),
        () -> assertThrows(InvalidValueException.class, () -> book.price("large", on)));
  }
}
