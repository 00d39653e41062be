package io.tierwise.gateway.learning;

import io.tierwise.router.Receipts;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Tier;
import io.tierwise.router.tier.TierName;
import java.time.Clock;
import java.time.Duration;

/**
 * The large model says what a task's answer should have been.
 *
 * @param patience how long one try may take
 */
public record LargeReferee(Tier large, Tariff tariff, Duration patience, Clock clock)
    implements Referee {
  @Override
  public Attempt ask(InferenceRequest request) {
    return large.attempt(withFreshDeadline(request));
  }

  @Override
  public LedgerEntry entry(InferenceRequest request, Attempt attempt, Duration latency) {
    boolean usable = attempt instanceof Attempt.Proposed;
    JudgedAttempt judged =
        new JudgedAttempt(
            TierName.LARGE,
            attempt,
            usable ? Verdict.ACCEPTED : Verdict.NO_CANDIDATE,
            tariff.cost(attempt.usage()),
            latency);
    return Receipts.audit(request, judged, clock.instant());
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
            clock.instant().plus(patience));
    return switch (request) {
      case InferenceRequest.Classify classify ->
          new InferenceRequest.Classify(fresh, classify.task(), classify.input());
      case InferenceRequest.Chat chat ->
          new InferenceRequest.Chat(fresh, chat.task(), chat.turns());
    };
  }
}
