package io.tierwise.bench.capacity;

import io.tierwise.gateway.report.DayRange;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The large model's calls in a ledger: those made, audits and retries included, and those that the
 * large tier alone would have got: one for each request that was answered, for which the model is
 * taken to take as long as it does on average. What it does cannot be known of calls never made.
 */
public final class LargeCalls {
  private final List<Arrivals.Call> made = new ArrayList<>();
  private final List<Arrivals.Call> alone = new ArrayList<>();
  private Money metered = Money.ZERO;
  private final List<Instant> arrivedWithout = new ArrayList<>();

  private LargeCalls() {}

  /**
   * @param tasks whose calls count; all where it is empty
   */
  public static LargeCalls of(List<String> tasks, DayRange range, Stream<LedgerEntry> entries) {
    LargeCalls calls = new LargeCalls();
    entries
        .filter(entry -> tasks.isEmpty() || tasks.contains(entry.task()))
        .filter(entry -> range.holds(LocalDate.ofInstant(entry.at(), ZoneOffset.UTC)))
        .forEachOrdered(calls::add);
    return calls;
  }

  private void add(LedgerEntry entry) {
    boolean asked = false;
    for (LedgerEntry.Line line : entry.lines()) {
      if (line.tier() == TierName.LARGE && line.usage().requests() > 0) {
        Arrivals.Call call = new Arrivals.Call(entry.at(), line.usage().compute());
        made.add(call);
        metered = metered.plus(line.cost());
        if (entry.purpose() == LedgerEntry.Purpose.SERVE) {
          alone.add(call);
          asked = true;
        }
      }
    }
    if (!asked && entry.purpose() == LedgerEntry.Purpose.SERVE && entry.answeredBy() != null) {
      arrivedWithout.add(entry.at());
    }
  }

  /** What was charged to the calls made. */
  public Money metered() {
    return metered;
  }

  public Arrivals made() {
    return Arrivals.of(made);
  }

  public Arrivals alone() {
    Duration mean = made().meanService();
    List<Arrivals.Call> all = new ArrayList<>(alone);
    arrivedWithout.forEach(at -> all.add(new Arrivals.Call(at, mean)));
    return Arrivals.of(all);
  }
}
