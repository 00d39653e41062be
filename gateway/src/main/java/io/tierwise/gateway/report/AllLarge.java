package io.tierwise.gateway.report;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
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
final class AllLarge {
  private final Map<String, Moments> answered = new HashMap<>();
  private final Map<List<String>, Map<String, Estimated>> estimated = new HashMap<>();

  /** The requests of one task whose cost on the large tier is an estimate. */
  private record Estimated(long requests, long bytes, Money cost) {
    static final Estimated NONE = new Estimated(0, 0, Money.ZERO);

    Estimated plus(LedgerEntry entry) {
      return new Estimated(requests + 1, bytes + entry.bytes(), cost.plus(entry.counterfactual()));
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

  /** Adds an entry to these rows. */
  void add(LedgerEntry entry, List<List<String>> keys) {
    if (entry.purpose() == LedgerEntry.Purpose.SERVE && entry.counterfactualEstimated()) {
      for (List<String> key : keys) {
        estimated
            .computeIfAbsent(key, row -> new HashMap<>())
            .merge(entry.task(), Estimated.NONE.plus(entry), (sum, one) -> sum.plus(entry));
      }
    }
  }

  /** The interval of a row; none when a task's large model has answered fewer than three times. */
  Optional<Interval> of(List<String> key, Money counterfactual) {
    Money middle = counterfactual;
    BigDecimal squares = BigDecimal.ZERO;
    Money known = counterfactual;
    for (Map.Entry<String, Estimated> each : estimated.getOrDefault(key, Map.of()).entrySet()) {
      Estimated part = each.getValue();
      Optional<Moments.Prediction> prediction =
          answered
              .getOrDefault(each.getKey(), new Moments())
              .predict(BigDecimal.valueOf(part.requests()), BigDecimal.valueOf(part.bytes()));
      if (prediction.isEmpty()) {
        return Optional.empty();
      }
      known = known.minus(part.cost());
      middle = middle.minus(part.cost()).plus(new Money(prediction.get().sum()));
      squares = squares.add(prediction.get().halfWidth().pow(2));
    }
    Money halfWidth = new Money(squares.sqrt(MathContext.DECIMAL128));
    Money low = middle.minus(halfWidth);
    Interval interval =
        new Interval(low.compareTo(known) < 0 ? known : low, middle.plus(halfWidth));
    return Optional.of(interval.holding(counterfactual));
  }
}
