package io.tierwise.router.cost;

import io.tierwise.router.InvalidValueException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Every known price. Immutable; a later entry with the same id and date replaces an earlier one.
 */
public record PriceBook(List<Price> prices) {
  public PriceBook {
    prices = List.copyOf(prices);
  }

  /** This book with a user's entries on top. */
  public PriceBook overriddenBy(PriceBook user) {
    List<Price> all = new ArrayList<>(prices);
    all.addAll(user.prices);
    return new PriceBook(all);
  }

  /**
   * The price in force on a day: of the entries with this id that hold by then, the newest; of two
   * with one date, the later in the book.
   *
   * @throws InvalidValueException when there is none
   */
  public Price price(String id, LocalDate on) {
    Price found = null;
    for (Price price : prices) {
      boolean holds = price.id().equals(id) && !price.effectiveFrom().isAfter(on);
      if (holds && (found == null || !price.effectiveFrom().isBefore(found.effectiveFrom()))) {
        found = price;
      }
    }
    if (found == null) {
      throw missing(id, on);
    }
    return found;
  }

  private InvalidValueException missing(String id, LocalDate on) {
    List<Price> later =
        prices.stream()
            .filter(price -> price.id().equals(id))
            .sorted(Comparator.comparing(Price::effectiveFrom))
            .toList();
    if (!later.isEmpty()) {
      return new InvalidValueException(
          "price",
          "'" + id + "' holds only from " + later.getFirst().effectiveFrom() + ", not on " + on,
          "add an entry that holds by then");
    }
    String known =
        prices.stream().map(Price::id).collect(Collectors.toCollection(TreeSet::new)).stream()
            .collect(Collectors.joining(", "));
    return new InvalidValueException(
        "price", "there is no price '" + id + "'", "add one, or use one of: " + known);
  }
}
