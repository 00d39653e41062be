package io.tierwise.router.cost;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.time.LocalDate;

/**
 * A dated, sourced entry of the price book.
 *
 * @param effectiveFrom first day on which it holds
 * @param source where it was read, so that anyone can check it
 */
public record Price(
    String id, String region, LocalDate effectiveFrom, String source, Tariff tariff) {
  public Price {
    Requirement.identifier("id", id);
    Requirement.identifier("region", region);
    if (source.isBlank()) {
      throw new InvalidValueException("source", "it is blank", "say where the price was read");
    }
  }
}
