package io.tierwise.gateway.console;

import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The figures of some stretch of time, by task and tier. */
final class Slot {
  private final CostReport costs = new CostReport(List.of(Dimension.TASK, Dimension.TIER));
  private final Map<String, Latencies> latencies = new TreeMap<>();

  void add(LedgerEntry entry) {
    costs.add(entry);
    if (entry.purpose() == LedgerEntry.Purpose.SERVE && entry.answeredBy() != null) {
      latencies(entry.task()).add(entry.latency());
    }
  }

  /** Adds another stretch. */
  void add(Slot other) {
    costs.add(other.costs);
    other.latencies.forEach((task, each) -> latencies(task).add(each));
  }

  private Latencies latencies(String task) {
    return latencies.computeIfAbsent(task, key -> new Latencies());
  }

  CostReport.Row total() {
    return costs.total();
  }

  /** Requests by the tier that answered, {@code refused} among them. */
  Map<String, Long> tiers() {
    Map<String, Long> byTier = new TreeMap<>();
    costs.rows().forEach(row -> byTier.merge(row.key().get(1), row.row().requests(), Long::sum));
    return byTier;
  }

  /** Sums by task. */
  Map<String, CostReport.Row> tasks() {
    Map<String, CostReport.Row> byTask = new TreeMap<>();
    costs
        .rows()
        .forEach(row -> byTask.merge(row.key().getFirst(), row.row(), CostReport.Row::plus));
    return byTask;
  }

  /** How long a task's answers took. */
  Latencies took(String task) {
    return latencies.getOrDefault(task, new Latencies());
  }
}
