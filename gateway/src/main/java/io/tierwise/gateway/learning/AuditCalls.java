package io.tierwise.gateway.learning;

import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.Receipts;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.time.Duration;

/** The large calls that audits make, each with time enough and with its entry in the ledger. */
record AuditCalls(AuditWorker.Setting setting, Surroundings surroundings) {
  Attempt ask(InferenceRequest request) {
    return setting.large().attempt(withFreshDeadline(request));
  }

  JudgedAttempt record(InferenceRequest request, Attempt attempt, long start) {
    Duration latency = Duration.ofNanos(surroundings.ticker().getAsLong() - start);
    boolean usable = attempt instanceof Attempt.Proposed;
    JudgedAttempt judged =
        new JudgedAttempt(
            TierName.LARGE,
            attempt,
            usable ? Verdict.ACCEPTED : Verdict.NO_CANDIDATE,
            setting.tariff().cost(attempt.usage()),
            latency);
    setting.ledger().record(Receipts.audit(request, judged, surroundings.clock().instant()));
    return judged;
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
