package io.tierwise.gateway;

import io.tierwise.gateway.budget.DailyBudgets;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What a gateway remembers of its ledger when it starts: each task's usage of the large model. */
record LedgerHistory(Map<String, LargeUsage> byTask) {
  /**
   * Folds the ledger once, and restores today's spending on the way.
   *
   * @param entries oldest first
   */
  static LedgerHistory of(Stream<LedgerEntry> entries, DailyBudgets budgets, Instant now) {
    LocalDate today = day(now);
    Map<String, LargeUsage> byTask = new HashMap<>();
    entries.forEachOrdered(entry -> {
      if (day(entry.at()).equals(today)) {
        budgets.restore(entry);
      }
      observe(entry, byTask);
    });
    return new LedgerHistory(Map.copyOf(byTask));
  }

  LargeUsage of(String task) {
    return byTask.getOrDefault(task, LargeUsage.UNKNOWN);
  }

  private static void observe(LedgerEntry entry, Map<String, LargeUsage> byTask) {
    if (entry.purpose() != LedgerEntry.Purpose.SERVE) {
      return;
    }
    for (LedgerEntry.Line line : entry.lines()) {
      if (line.tier() == TierName.LARGE && line.verdict() == Verdict.ACCEPTED) {
        byTask.put(
            entry.task(),
            byTask
                .getOrDefault(entry.task(), LargeUsage.UNKNOWN)
                .observe(entry.bytes(), line.usage()));
      }
    }
  }

  private static LocalDate day(Instant moment) {
    return moment.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
