package io.tierwise.gateway.report;

import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whose cost changed most, audits included, from one stretch of days to the next.
 *
 * @param days how many days each stretch has
 * @param now first day of the later stretch
 * @param movers largest change first
 */
public record Movers(int days, LocalDate before, LocalDate now, List<Mover> movers) {
  private static final int WEEK = 7;
  private static final int MOST = 10;

  public Movers {
    movers = List.copyOf(movers);
  }

  /** One tenant's task. */
  public record Mover(String tenant, String task, Money before, Money now) {
    public Money change() {
      return now.minus(before);
    }
  }

  /**
   * Compares the range with as many days before it; without a first day, the last week with the
   * week before, or the later half of the days with the earlier one where there is less.
   *
   * @param rows by day, tenant and task, also from before the range
   * @return nothing when there is nothing earlier to compare with
   */
  static Optional<Movers> of(
      List<CostReport.KeyedRow> rows, LocalDate first, LocalDate last, boolean wholeRange) {
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    LocalDate earliest = LocalDate.parse(rows.getFirst().key().getFirst());
    int length = Math.toIntExact(last.toEpochDay() - first.toEpochDay() + 1);
    int days = wholeRange ? length : Math.min(WEEK, length / 2);
    LocalDate now = last.minusDays(days - 1L);
    LocalDate before = now.minusDays(days);
    if (days == 0 || !earliest.isBefore(now)) {
      return Optional.empty();
    }
    Map<List<String>, Money> earlier = sums(rows, before, now);
    Map<List<String>, Money> later = sums(rows, now, last.plusDays(1));
    TreeSet<List<String>> keys = new TreeSet<>(Comparator.comparing(key -> String.join("\0", key)));
    keys.addAll(earlier.keySet());
    keys.addAll(later.keySet());
    List<Mover> movers =
        keys.stream()
            .map(key ->
                new Mover(
                    key.getFirst(),
                    key.getLast(),
                    earlier.getOrDefault(key, Money.ZERO),
                    later.getOrDefault(key, Money.ZERO)))
            .filter(mover -> !mover.change().equals(Money.ZERO))
            .sorted(Comparator.comparing((Mover mover) -> mover.change().usd().abs()).reversed())
            .limit(MOST)
            .toList();
    return Optional.of(new Movers(days, before, now, movers));
  }

  /** From the first day to the one before {@code end}, by tenant and task. */
  private static Map<List<String>, Money> sums(
      List<CostReport.KeyedRow> rows, LocalDate first, LocalDate end) {
    Map<List<String>, Money> sums = new HashMap<>();
    for (CostReport.KeyedRow row : rows) {
      LocalDate day = LocalDate.parse(row.key().getFirst());
      if (!day.isBefore(first) && day.isBefore(end)) {
        sums.merge(row.key().subList(1, 3), row.row().spent(), Money::plus);
      }
    }
    return sums;
  }
}
