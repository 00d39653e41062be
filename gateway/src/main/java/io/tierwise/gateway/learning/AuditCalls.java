package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.AuditOutcome;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import java.time.Duration;

/** The calls that audits make, each with its entry in the ledger. */
record AuditCalls(AuditSetting setting, Surroundings surroundings) {
  private static final System.Logger LOG = System.getLogger(AuditCalls.class.getName());

  Attempt ask(InferenceRequest request) {
    return setting.referee().ask(request);
  }

  /** The entry of a call that began then. */
  LedgerEntry entry(InferenceRequest request, Attempt attempt, long start) {
    Duration latency = Duration.ofNanos(surroundings.ticker().getAsLong() - start);
    return setting.referee().entry(request, attempt, latency);
  }

  /** Records it as well, and gives what it has cost. */
  Money record(InferenceRequest request, Attempt attempt, long start) {
    LedgerEntry entry = entry(request, attempt, start);
    setting.ledger().record(entry);
    return entry.cost();
  }

  /** Whether the draw says that the large model is to be asked twice. */
  boolean repeated() {
    return setting.repeatRate() > 0 && surroundings.random().nextDouble() < setting.repeatRate();
  }

  /** Asks the large model the same again, and keeps whether it says the same. */
  void repeat(InferenceRequest request, Answer before) {
    String task = setting.task().name();
    try {
      long start = surroundings.ticker().getAsLong();
      Attempt attempt = ask(request);
      Money cost = record(request, attempt, start);
      setting.log().charge(task, cost);
      if (attempt instanceof Attempt.Proposed proposed) {
        boolean agrees = !Answer.disagree(proposed.answer(), before);
        setting.log().keepRepeat(task, request.context().id(), agrees);
      }
      setting.metrics().audited(task, AuditOutcome.REPEATED, cost);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "asking twice failed", e);
    }
  }

  /** Whether it is worth asking again later. */
  static boolean outOfReach(Attempt attempt) {
    return attempt instanceof Attempt.Unavailable unavailable
        && unavailable.cause() != Attempt.Cause.UNUSABLE_ANSWER;
  }
}
