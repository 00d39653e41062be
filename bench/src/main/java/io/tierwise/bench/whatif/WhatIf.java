package io.tierwise.bench.whatif;

import io.tierwise.gateway.report.DayRange;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.ledger.LedgerEntry;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The ledger of some days under other prices and thresholds. */
public final class WhatIf {
  private final Map<String, TaskReplay> replays = new TreeMap<>();
  private final Map<String, List<Risk.Audit>> audits = new HashMap<>();
  private final Map<String, Change> changes;
  private final Map<String, Long> leftOut = new TreeMap<>();

  private WhatIf(Map<String, Change> changes) {
    this.changes = Map.copyOf(changes);
  }

  /**
   * @param changes by task; a task without one is left out, and counted
   * @param rows the audit log of each task
   * @param ledger gives the entries anew each time it is asked: it is read twice, once to know
   *     which audits are of these days
   */
  public static WhatIf of(
      Map<String, Change> changes,
      Map<String, List<AuditRow>> rows,
      DayRange range,
      Supplier<Stream<LedgerEntry>> ledger) {
    WhatIf all = new WhatIf(changes);
    Set<String> audited = new HashSet<>();
    try (Stream<LedgerEntry> entries = ledger.get()) {
      entries
          .filter(entry -> entry.audited() && holds(range, entry))
          .forEachOrdered(entry -> audited.add(entry.requestId()));
    }
    changes.forEach((task, change) -> {
      List<AuditRow> own =
          rows.getOrDefault(task, List.of()).stream()
              .filter(row -> audited.contains(row.requestId()))
              .toList();
      all.audits.put(task, new ArrayList<>(own.stream().map(WhatIf::audit).toList()));
      all.replays.put(
          task, new TaskReplay(task, change, own.stream().map(AuditRow::sample).toList()));
    });
    try (Stream<LedgerEntry> entries = ledger.get()) {
      entries.filter(entry -> holds(range, entry)).forEachOrdered(all::add);
    }
    return all;
  }

  private static boolean holds(DayRange range, LedgerEntry entry) {
    return range.holds(LocalDate.ofInstant(entry.at(), ZoneOffset.UTC));
  }

  private void add(LedgerEntry entry) {
    TaskReplay replay = replays.get(entry.task());
    if (replay == null) {
      leftOut.merge(entry.task(), 1L, Long::sum);
    } else {
      replay.add(entry);
    }
  }

  /** Lost where a tier that answered, or would have, disagreed; exact hits are large answers. */
  private static Risk.Audit audit(AuditRow row) {
    boolean lost = false;
    for (var proposal : row.sample().proposals().entrySet()) {
      Verdict verdict = row.verdicts().getOrDefault(proposal.getKey(), Verdict.PASSED_ON);
      boolean passed = verdict == Verdict.ACCEPTED || verdict == Verdict.WOULD_ACCEPT;
      lost |= passed && !proposal.getValue().agrees();
    }
    return new Risk.Audit(row.sample(), lost);
  }

  /** By task. */
  public List<TaskOutcome> outcomes() {
    List<TaskOutcome> outcomes = new ArrayList<>();
    replays.forEach((task, replay) ->
        outcomes.add(
            replay.outcome(
                Risk.of(
                    audits.getOrDefault(task, List.of()),
                    Objects.requireNonNull(changes.get(task)).thresholds()))));
    return outcomes;
  }

  /** Entries of tasks that the new configuration does not have. */
  public Map<String, Long> leftOut() {
    return leftOut;
  }
}
