package io.tierwise.gateway.report;

import io.tierwise.router.InvalidValueException;
import java.io.Serializable;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Days in UTC, both ends included.
 *
 * @param from null for all days up to {@code to}
 * @param to null for all days since {@code from}
 */
public record DayRange(@Nullable LocalDate from, @Nullable LocalDate to) implements Serializable {
  public static final DayRange ALL = new DayRange(null, null);

  public DayRange {
    if (from != null && to != null && to.isBefore(from)) {
      throw new InvalidValueException("--to", to + " is before --from " + from, "swap the two");
    }
  }

  boolean isBefore(LocalDate day) {
    return to != null && day.isAfter(to);
  }

  public boolean holds(LocalDate day) {
    return (from == null || !day.isBefore(from)) && !isBefore(day);
  }
}
