package io.tierwise.gateway.report;

import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.Serial;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the ledger says about a range of days: costs by any dimensions, how sure the all-large
 * estimate is, where the month is heading, and who moved. A pure fold over entries: the same ones
 * give the same report in whatever order and in however many parts, and it holds what its rows need
 * and no entry.
 */
@SuppressWarnings("serial") // its lists and maps are serializable ones
public final class LedgerReport implements Serializable {
  @Serial private static final long serialVersionUID = 1;
  private final DayRange range;
  private final CostReport costs;
  private final CostReport tiers = new CostReport(List.of(Dimension.DAY, Dimension.TIER));
  private final CostReport spenders =
      new CostReport(List.of(Dimension.DAY, Dimension.TENANT, Dimension.TASK));
  private final AllLarge allLarge = new AllLarge();
  private @Nullable Instant first;
  private @Nullable Instant last;

  private LedgerReport(List<Dimension> by, DayRange range) {
    this.range = range;
    this.costs = new CostReport(by);
  }

  /**
   * @param entries also from before the range: a comparison with the days before it needs them
   */
  public static LedgerReport of(List<Dimension> by, DayRange range, Stream<LedgerEntry> entries) {
    LedgerReport report = empty(by, range);
    entries.forEachOrdered(report::add);
    return report;
  }

  /** A report to which nothing is added yet. */
  public static LedgerReport empty(List<Dimension> by, DayRange range) {
    return new LedgerReport(by, range);
  }

  private void add(LedgerEntry entry) {
    LocalDate day = day(entry.at());
    if (range.isBefore(day)) {
      return;
    }
    spenders.add(entry);
    allLarge.learn(entry);
    if (range.holds(day)) {
      costs.add(entry);
      tiers.add(entry);
      allLarge.add(entry, costs.key(entry));
      seen(entry.at());
    }
  }

  /** Adds a report over other entries, by the same dimensions and of the same range. */
  public void add(LedgerReport other) {
    costs.add(other.costs);
    tiers.add(other.tiers);
    spenders.add(other.spenders);
    allLarge.add(other.allLarge);
    seen(other.first);
    seen(other.last);
  }

  private void seen(@Nullable Instant at) {
    if (at != null) {
      first = first == null || at.isBefore(first) ? at : first;
      last = last == null || at.isAfter(last) ? at : last;
    }
  }

  public CostReport costs() {
    return costs;
  }

  /** When the first entry of the range was made. */
  public Optional<Instant> first() {
    return Optional.ofNullable(first);
  }

  /** When the last entry of the range was made. */
  public Optional<Instant> last() {
    return Optional.ofNullable(last);
  }

  /** Every day that has entries. */
  public Map<LocalDate, CostReport.Row> days() {
    TreeMap<LocalDate, CostReport.Row> byDay = new TreeMap<>();
    tiers
        .rows()
        .forEach(row ->
            byDay.merge(LocalDate.parse(row.key().getFirst()), row.row(), CostReport.Row::plus));
    return byDay;
  }

  /** By day and tier. */
  public List<CostReport.KeyedRow> tiers() {
    return tiers.rows();
  }

  /** Between what the all-large cost of a row lies; none without enough large answers. */
  public Optional<Interval> allLarge(CostReport.KeyedRow row) {
    return allLarge.of(row.key(), row.row().counterfactual());
  }

  /** Between what the all-large cost of everything lies. */
  public Optional<Interval> allLarge() {
    return allLarge.total(costs.total().counterfactual());
  }

  /** Between what the saving lies, audits paid. */
  public Optional<Interval> saved() {
    Money spent = costs.total().spent();
    return allLarge()
        .map(interval -> new Interval(interval.low().minus(spent), interval.high().minus(spent)));
  }

  public Optional<Forecast> forecast() {
    Instant start = first;
    Instant end = last;
    return start == null || end == null ? Optional.empty() : Forecast.of(days(), start, end);
  }

  public Optional<Movers> movers() {
    Instant start = first;
    Instant end = last;
    if (start == null || end == null) {
      return Optional.empty();
    }
    LocalDate from = range.from() == null ? day(start) : range.from();
    LocalDate to = range.to() == null ? day(end) : range.to();
    return Movers.of(spenders.rows(), from, to, range.from() != null);
  }

  private static LocalDate day(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
