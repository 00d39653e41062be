package io.tierwise.bench.whatif;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One task's entries under a change: a fold that keeps sums. What the ledger says is taken as it
 * is; what it cannot say is bounded:
 *
 * <ul>
 *   <li>a large call that was not made costs between the least and the most that the task's large
 *       calls came to, the mean expected;
 *   <li>a cheap tier that was not tried may have answered or not: from its own cost alone to its
 *       cost and a large call's; expected is the share of audits in which its candidate passes.
 * </ul>
 *
 * An audited request tries every cheap tier and asks the large model once, here or in an audit of
 * its own, whatever the thresholds: it costs what it did, at the new prices. So do refused and
 * degraded ones.
 */
final class TaskReplay {
  private final String task;
  private final Change change;
  private final List<AuditSample> samples;
  private final Map<TierName, Prices> prices = new EnumMap<>(TierName.class);
  private final Map<List<TierName>, Counts> open = new HashMap<>();
  private Range known = Range.NOTHING;
  private Money recorded = Money.ZERO;
  private long requests;
  private long largeBefore;
  private long largeAfter;

  /** Requests in which the same cheap tiers were not tried. */
  private static final class Counts {
    /** What the large call of those that made one came to, and how many made none. */
    private Money large = Money.ZERO;

    private long made;
    private long notMade;
  }

  TaskReplay(String task, Change change, List<AuditSample> samples) {
    this.task = task;
    this.change = change;
    this.samples = List.copyOf(samples);
  }

  void add(LedgerEntry entry) {
    recorded = recorded.plus(entry.cost());
    for (LedgerEntry.Line line : entry.lines()) {
      if (!isLarge(line) || answered(line)) {
        prices.computeIfAbsent(line.tier(), tier -> new Prices()).add(change.cost(line));
      }
    }
    boolean serve = entry.purpose() == LedgerEntry.Purpose.SERVE;
    boolean large = serve && entry.lines().stream().anyMatch(TaskReplay::isLarge);
    requests += serve ? 1 : 0;
    largeBefore += large ? 1 : 0;
    Thresholds thresholds = change.thresholds();
    boolean asItWas = !serve || entry.audited() || entry.degraded() || entry.answeredBy() == null;
    if (thresholds == null || asItWas) {
      largeAfter += large ? 1 : 0;
      known = known.plus(Range.exactly(cost(entry.lines())));
    } else {
      replay(entry, thresholds);
    }
  }

  private void replay(LedgerEntry entry, Thresholds thresholds) {
    List<LedgerEntry.Line> cheap = entry.lines().stream().filter(line -> !isLarge(line)).toList();
    List<LedgerEntry.Line> tried = new ArrayList<>();
    for (LedgerEntry.Line line : cheap) {
      tried.add(line);
      if (passes(line, thresholds)) {
        known = known.plus(Range.exactly(cost(tried)));
        return;
      }
    }
    known = known.plus(Range.exactly(cost(tried)));
    List<TierName> untried =
        thresholds.byTier().keySet().stream()
            .filter(tier -> cheap.stream().noneMatch(line -> line.tier() == tier))
            .sorted()
            .toList();
    Counts counts = open.computeIfAbsent(untried, key -> new Counts());
    Optional<LedgerEntry.Line> large =
        entry.lines().stream().filter(TaskReplay::isLarge).findFirst();
    if (large.isPresent()) {
      counts.large = counts.large.plus(change.cost(large.get()));
      counts.made++;
    } else {
      counts.notMade++;
    }
  }

  private static boolean passes(LedgerEntry.Line line, Thresholds thresholds) {
    Double confidence = line.confidence();
    return confidence != null && thresholds.pass(line.tier(), new Confidence(confidence));
  }

  private static boolean answered(LedgerEntry.Line line) {
    return line.usage().requests() > 0 && line.verdict() != Verdict.NO_CANDIDATE;
  }

  private static boolean isLarge(LedgerEntry.Line line) {
    return line.tier() == TierName.LARGE;
  }

  private Money cost(List<LedgerEntry.Line> lines) {
    return lines.stream().map(change::cost).reduce(Money.ZERO, Money::plus);
  }

  TaskOutcome outcome(Risk risk) {
    Range cost = known;
    long most = largeAfter;
    double expected = largeAfter;
    long least = largeAfter;
    for (Map.Entry<List<TierName>, Counts> each : open.entrySet()) {
      Counts counts = each.getValue();
      long all = counts.made + counts.notMade;
      double passes = each.getKey().isEmpty() ? 0 : shareThatPasses(each.getKey());
      cost = cost.plus(of(each.getKey(), counts, passes));
      most += all;
      least += each.getKey().isEmpty() ? all : 0;
      expected += all * (1 - passes);
    }
    return new TaskOutcome(
        task, requests, recorded, cost, largeBefore, least, expected, most, risk);
  }

  private Range of(List<TierName> untried, Counts counts, double passes) {
    Prices ofLarge = prices.getOrDefault(TierName.LARGE, new Prices());
    if (ofLarge.none() && counts.notMade > 0) {
      throw new InvalidValueException(
          "ledger",
          "no call to the large model of task " + task + " is in it, to learn its cost from",
          "take a longer range");
    }
    Range large = Range.exactly(counts.large).plus(ofLarge.of(counts.notMade));
    Range cheap = Range.NOTHING;
    for (TierName tier : untried) {
      Prices own = prices.getOrDefault(tier, new Prices());
      cheap = cheap.plus(own.of(counts.made + counts.notMade));
    }
    BigDecimal escalated = BigDecimal.valueOf(1 - passes);
    return untried.isEmpty()
        ? large
        : new Range(
            cheap.low(),
            cheap.expected().plus(large.expected().times(escalated)),
            cheap.high().plus(large.high()));
  }

  /** In the audits, where every tier is tried; without any, none is expected to. */
  private double shareThatPasses(List<TierName> tiers) {
    Thresholds thresholds = change.thresholds();
    if (samples.isEmpty() || thresholds == null) {
      return 0;
    }
    long passed =
        samples.stream()
            .filter(sample ->
                tiers.stream()
                    .anyMatch(tier -> {
                      AuditSample.Scored scored = sample.proposals().get(tier);
                      return scored != null && thresholds.pass(tier, scored.confidence());
                    }))
            .count();
    return (double) passed / samples.size();
  }
}
