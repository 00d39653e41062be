package io.tierwise.gateway.report;

import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the month of the last entry will have cost: what is spent in it, and for the time that
 * remains, the mean of the last whole days (two weeks at most, so that weekdays weigh alike; the
 * first and the last day of the ledger are not whole). The interval is that of a mean's prediction,
 * with days taken as independent.
 *
 * @param wholeDays how many days the rate was taken from
 */
public record Forecast(
    YearMonth month, Money soFar, Money total, Interval interval, Money allLarge, int wholeDays) {
  private static final int WINDOW = 14;

  /** Fewer whole days say nothing about a month. */
  public static final int FEWEST_DAYS = 3;

  /**
   * @param days rows by day
   * @param last when the last entry was made
   * @return nothing when there are fewer than {@link #FEWEST_DAYS} whole days
   */
  static Optional<Forecast> of(Map<LocalDate, CostReport.Row> days, Instant first, Instant last) {
    LocalDate begins = day(first).plusDays(1);
    LocalDate today = day(last);
    LocalDate from = begins.isBefore(today.minusDays(WINDOW)) ? today.minusDays(WINDOW) : begins;
    Moments spent = new Moments();
    Moments large = new Moments();
    int whole = 0;
    for (LocalDate date = from; date.isBefore(today); date = date.plusDays(1)) {
      spent.add(BigDecimal.ZERO, amount(days, date, CostReport.Row::spent).usd());
      large.add(BigDecimal.ZERO, amount(days, date, CostReport.Row::counterfactual).usd());
      whole++;
    }
    if (whole < FEWEST_DAYS) {
      return Optional.empty();
    }
    YearMonth month = YearMonth.from(today);
    BigDecimal remaining = remaining(month, last);
    Moments.Prediction rest = spent.predict(remaining, BigDecimal.ZERO).orElseThrow();
    Moments.Prediction restLarge = large.predict(remaining, BigDecimal.ZERO).orElseThrow();
    Money soFar = sum(days, month, CostReport.Row::spent);
    Money total = soFar.plus(new Money(rest.sum()));
    Money low = total.minus(new Money(rest.halfWidth()));
    return Optional.of(
        new Forecast(
            month,
            soFar,
            total,
            new Interval(
                low.compareTo(soFar) < 0 ? soFar : low, total.plus(new Money(rest.halfWidth()))),
            sum(days, month, CostReport.Row::counterfactual).plus(new Money(restLarge.sum())),
            whole));
  }

  private static BigDecimal remaining(YearMonth month, Instant last) {
    Instant end = month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    BigDecimal nanos = BigDecimal.valueOf(Duration.between(last, end).toNanos());
    return nanos.divide(BigDecimal.valueOf(Duration.ofDays(1).toNanos()), MathContext.DECIMAL128);
  }

  private static Money sum(
      Map<LocalDate, CostReport.Row> days,
      YearMonth month,
      Function<CostReport.Row, Money> amount) {
    return days.entrySet().stream()
        .filter(each -> YearMonth.from(each.getKey()).equals(month))
        .map(each -> amount.apply(each.getValue()))
        .reduce(Money.ZERO, Money::plus);
  }

  private static Money amount(
      Map<LocalDate, CostReport.Row> days, LocalDate date, Function<CostReport.Row, Money> amount) {
    CostReport.Row row = days.get(date);
    return row == null ? Money.ZERO : amount.apply(row);
  }

  private static LocalDate day(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
