package io.tierwise.router.cost;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The calendar periods, all of UTC, after which a limit begins anew. */
public enum Period {
  MINUTE,
  DAY,
  MONTH;

  /** When the period that holds this moment began. */
  public Instant start(Instant moment) {
    return switch (this) {
      case MINUTE -> moment.truncatedTo(ChronoUnit.MINUTES);
      case DAY -> moment.truncatedTo(ChronoUnit.DAYS);
      case MONTH -> first(YearMonth.from(moment.atZone(ZoneOffset.UTC)));
    };
  }

  /** When the next one begins. */
  public Instant end(Instant moment) {
    ZonedDateTime start = start(moment).atZone(ZoneOffset.UTC);
    return switch (this) {
      case MINUTE -> start.plusMinutes(1).toInstant();
      case DAY -> start.plusDays(1).toInstant();
      case MONTH -> first(YearMonth.from(start).plusMonths(1));
    };
  }

  private static Instant first(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
