package io.tierwise.bench.replay;

import io.tierwise.bench.Outcome;
import io.tierwise.bench.replay.RecordedTraffic.Recorded;
import io.tierwise.router.cost.Money;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.Answer;
import io.tierwise.router.tier.TierName;
import java.util.EnumMap;
import java.util.Map;

/** Counts answers against references and human labels. */
final class Tally {
  private final Map<TierName, Long> servedBy = new EnumMap<>(TierName.class);
  private long requests;
  private long disagreements;
  private long labelled;
  private long right;
  private long largeRight;
  private Money cost = Money.ZERO;
  private Money allLarge = Money.ZERO;

  void add(Recorded recorded, Decision decision) {
    if (!(decision instanceof Decision.Answered answered)
        || !(answered.answer() instanceof Answer.Classified given)) {
      throw new IllegalStateException("a recorded answer is always there: " + decision);
    }
    requests++;
    servedBy.merge(answered.tier(), 1L, Long::sum);
    disagreements += given.label().equals(recorded.answered().label()) ? 0 : 1;
    if (recorded.human() != null) {
      labelled++;
      right += given.label().equals(recorded.human()) ? 1 : 0;
      largeRight += recorded.answered().label().equals(recorded.human()) ? 1 : 0;
    }
    cost = cost.plus(answered.receipt().cost());
    allLarge = allLarge.plus(answered.receipt().counterfactual().cost());
  }

  /** What was paid off the caller's path. */
  void charge(Money amount) {
    cost = cost.plus(amount);
  }

  Outcome outcome(double epsilon, boolean certified, double trainSeconds) {
    return new Outcome(
        requests,
        servedBy,
        (double) disagreements / requests,
        epsilon,
        certified,
        labelled == 0 ? Double.NaN : (double) right / labelled,
        labelled == 0 ? Double.NaN : (double) largeRight / labelled,
        cost,
        allLarge,
        trainSeconds);
  }
}
