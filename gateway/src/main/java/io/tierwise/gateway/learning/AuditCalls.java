package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.Metrics.AuditOutcome;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.Receipts;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.time.Duration;

/** The large calls that audits make, each with time enough and with its entry in the ledger. */
record AuditCalls(AuditSetting setting, Surroundings surroundings) {
  private static final System.Logger LOG = System.getLogger(AuditCalls.class.getName());

  Attempt ask(InferenceRequest request) {
    return setting.large().attempt(withFreshDeadline(request));
  }

  /** The entry of a call that began then. */
  LedgerEntry entry(InferenceRequest request, Attempt attempt, long start) {
    Duration latency = Duration.ofNanos(surroundings.ticker().getAsLong() - start);
    boolean usable = attempt instanceof Attempt.Proposed;
    JudgedAttempt judged =
        new JudgedAttempt(
            TierName.LARGE,
            attempt,
            usable ? Verdict.ACCEPTED : Verdict.NO_CANDIDATE,
            setting.tariff().cost(attempt.usage()),
            latency);
    return Receipts.audit(request, judged, surroundings.clock().instant());
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

  private InferenceRequest withFreshDeadline(InferenceRequest request) {
    RequestContext context = request.context();
    RequestContext fresh =
        new RequestContext(
            context.id(),
            context.tenant(),
            context.policy(),
            context.cache(),
            context.receivedAt(),
            surroundings.clock().instant().plus(setting.patience()));
    return switch (request) {
      case InferenceRequest.Classify classify ->
          new InferenceRequest.Classify(fresh, classify.task(), classify.input());
      case InferenceRequest.Chat chat ->
          new InferenceRequest.Chat(fresh, chat.task(), chat.turns());
    };
  }
}
