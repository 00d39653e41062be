package io.tierwise.gateway.ledger;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the large model has used for every task so far: a pure fold over the ledger, with which a
 * gateway takes up its estimates where the one before it stopped.
 */
public final class UsageByTask {
  private UsageByTask() {}

  /** Folds the entries of callers' requests that the large model answered, in their order. */
  public static Map<String, LargeUsage> of(Stream<LedgerEntry> entries) {
    Map<String, LargeUsage> byTask = new TreeMap<>();
    entries
        .filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE)
        .forEachOrdered(entry ->
            entry.lines().stream()
                .filter(UsageByTask::largeAnswered)
                .forEach(line ->
                    byTask.compute(
                        entry.task(),
                        (task, usage) ->
                            (usage == null ? LargeUsage.UNKNOWN : usage)
                                .observe(entry.bytes(), line.usage()))));
    return byTask;
  }

  /** Adds the usage of one part of a ledger to that of another. */
  static void add(Map<String, LargeUsage> total, Map<String, LargeUsage> part) {
    part.forEach((task, usage) -> total.merge(task, usage, UsageByTask::sum));
  }

  private static LargeUsage sum(LargeUsage one, LargeUsage other) {
    return new LargeUsage(
        one.answers() + other.answers(),
        one.bytes() + other.bytes(),
        one.inputTokens() + other.inputTokens(),
        one.outputTokens() + other.outputTokens(),
        one.computeNanos() + other.computeNanos());
  }

  private static boolean largeAnswered(LedgerEntry.Line line) {
    return line.tier() == TierName.LARGE
        && line.verdict() != Verdict.NO_CANDIDATE
        && !line.shared();
  }
}
