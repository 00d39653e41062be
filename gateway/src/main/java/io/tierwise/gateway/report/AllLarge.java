package io.tierwise.gateway.report;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How sure it is what the large tier alone would have cost. Known parts are exact. For each task,
 * the estimated part is predicted by a straight line of the cost over the request's bytes, fitted
 * to the calls that the large model did answer; tasks are independent. An interval always holds the
 * ledger's own estimate as well, so it is never narrower than the two methods differ.
 *
 * <p>The line is fitted to escalations and audits. Where escalated texts of one length cost other
 * than accepted ones, the interval does not see it.
 */
@SuppressWarnings("serial") // its maps are serializable ones
final class AllLarge implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private final Map<String, Moments> answered = new HashMap<>();
  private final Map<List<String>, Map<String, Estimated>> estimated = new HashMap<>();

  /** The requests of one task whose cost on the large tier is an estimate. */
  private static final class Estimated implements Serializable {
    @Serial private static final long serialVersionUID = 1;

    private long requests;
    private long bytes;
    private BigDecimal cost = BigDecimal.ZERO;

    void add(LedgerEntry entry) {
      requests++;
      bytes += entry.bytes();
      cost = cost.add(entry.counterfactual().usd());
    }

    void add(Estimated other) {
      requests += other.requests;
      bytes += other.bytes;
      cost = cost.add(other.cost);
    }
  }

  /** Learns from an entry, whether or not it is in the report's range. */
  void learn(LedgerEntry entry) {
    for (LedgerEntry.Line line : entry.lines()) {
      boolean called = line.tier() == TierName.LARGE && line.usage().requests() > 0;
      if (called && line.verdict() != Verdict.NO_CANDIDATE) {
        answered
            .computeIfAbsent(entry.task(), task -> new Moments())
            .add(BigDecimal.valueOf(entry.bytes()), line.cost().usd());
      }
    }
  }

  /** Adds an entry to a row. */
  void add(LedgerEntry entry, List<String> key) {
    if (entry.purpose() == LedgerEntry.Purpose.SERVE && entry.counterfactualEstimated()) {
      part(key, entry.task()).add(entry);
    }
  }

  /** Adds all that another one has learnt and added. */
  void add(AllLarge other) {
    other.answered.forEach(
        (task, moments) -> answered.computeIfAbsent(task, key -> new Moments()).add(moments));
    other.estimated.forEach(
        (key, parts) -> parts.forEach((task, part) -> part(key, task).add(part)));
  }

  private Estimated part(List<String> key, String task) {
    return estimated
        .computeIfAbsent(key, row -> new HashMap<>())
        .computeIfAbsent(task, name -> new Estimated());
  }

  /** The interval of a row; none when a task's large model has answered fewer than three times. */
  Optional<Interval> of(List<String> key, Money counterfactual) {
    return of(estimated.getOrDefault(key, Map.of()), counterfactual);
  }

  /** The interval over all rows. */
  Optional<Interval> total(Money counterfactual) {
    Map<String, Estimated> all = new HashMap<>();
    estimated
        .values()
        .forEach(parts ->
            parts.forEach(
                (task, part) -> all.computeIfAbsent(task, name -> new Estimated()).add(part)));
    return of(all, counterfactual);
  }

  private Optional<Interval> of(Map<String, Estimated> parts, Money counterfactual) {
    Money middle = counterfactual;
    BigDecimal squares = BigDecimal.ZERO;
    Money known = counterfactual;
    for (Map.Entry<String, Estimated> each : parts.entrySet()) {
      Estimated part = each.getValue();
      Optional<Moments.Prediction> prediction =
          answered
              .getOrDefault(each.getKey(), new Moments())
              .predict(BigDecimal.valueOf(part.requests), BigDecimal.valueOf(part.bytes));
      if (prediction.isEmpty()) {
        return Optional.empty();
      }
      known = known.minus(new Money(part.cost));
      middle = middle.minus(new Money(part.cost)).plus(new Money(prediction.get().sum()));
      squares = squares.add(prediction.get().halfWidth().pow(2));
    }
    Money halfWidth = new Money(squares.sqrt(MathContext.DECIMAL128));
    Money low = middle.minus(halfWidth);
    Interval interval =
        new Interval(low.compareTo(known) < 0 ? known : low, middle.plus(halfWidth));
    return Optional.of(interval.holding(counterfactual));
  }
}
