package io.tierwise.bench.replay;

import io.tierwise.bench.replay.RecordedTraffic.Recorded;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What stands for the outside world when recorded traffic is sent through a cascade. */
final class Recording {
  static final Tenant TENANT = new Tenant("replay");

  private static final String ENDPOINT = "recorded";
  private static final Instant FAR_FUTURE = Instant.parse("9999-12-31T00:00:00Z");

  private Recording() {}

  static InferenceRequest.Classify request(
      Task.Classification task, int index, Recorded recorded, Instant now) {
    return new InferenceRequest.Classify(
        new RequestContext(
            "replay-" + index, TENANT, RoutingPolicy.DEFAULT, CacheUse.ALLOWED, now, FAR_FUTURE),
        task,
        new Input.Text(recorded.answered().text()));
  }

  /** The recorded answer, with the usage that its text's size suggests. */
  static Attempt.Proposed large(Recorded recorded) {
    Answered answered = recorded.answered();
    int bytes = answered.text().getBytes(StandardCharsets.UTF_8).length;
    return new Attempt.Proposed(
        new Answer.Classified(answered.label(), answered.reference()),
        Confidence.FULL,
        LargeUsage.UNKNOWN.estimate(bytes),
        ENDPOINT);
  }

  /** No budget limits a replay. */
  static final class Unlimited implements Budgets {
    @Override
    public Reservation reserve(Claim claim) {
      return new Reservation.Granted("", claim, false);
    }

    @Override
    public void settle(Reservation.Granted reservation, Money actual, long tokens) {}
  }
}
