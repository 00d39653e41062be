package io.tierwise.bench.speed;

import io.tierwise.router.Cascade;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.policy.CostPolicy;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.policy.Rung;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The router's core alone: a decision from its reservation to its receipt, where the cache misses
 * and the student answers, with tiers, budgets and a ledger that take no time.
 */
@State(Scope.Thread)
public class RouterBench {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final Label YES = new Label("yes");
  private static final Task.Classification TASK =
      new Task.Classification("bench", List.of(YES, new Label("no")));

  private final Cascade cascade = cascade();
  private final InferenceRequest request = request();

  /**
   * What one decision takes.
   *
   * @param nanos of processor time
   */
  public record Result(double nanos, double wallNanos, double bytes) {}

  /**
   * @param iterations of a second each
   */
  public static Result run(int iterations) throws IOException {
    Jmh.Cost cost = Objects.requireNonNull(Jmh.run(RouterBench.class, iterations).get("decision"));
    return new Result(cost.nanos(), cost.wallNanos(), cost.bytes());
  }

  @Benchmark
  public Decision decision() {
    return cascade.answer(request);
  }

  private static InferenceRequest request() {
    RequestContext context =
        new RequestContext(
            "a-request",
            new Tenant("bench"),
            RoutingPolicy.DEFAULT,
            CacheUse.ALLOWED,
            NOW,
            NOW.plusSeconds(30));
    return new InferenceRequest.Classify(context, TASK, new Input.Text("where is my parcel"));
  }

  private static Cascade cascade() {
    Usage call = Usage.call(Duration.ofNanos(10_000));
    Attempt missed = new Attempt.Missed(call);
    Attempt proposed =
        new Attempt.Proposed(
            new Answer.Classified(YES, Distribution.certain(YES)),
            new Confidence(0.9),
            call,
            "1f0c2a9be34d",
            Usage.NONE);
    Tariff cheaper = new Tariff.PerRequest(Money.of("0.00000001"));
    Tariff cheap = new Tariff.PerRequest(Money.of("0.0000001"));
    Tariff tokens = new Tariff.PerToken(Money.of("2.5"), Money.of("1.25"), Money.of("10"));
    return new Cascade(
        List.of(
            new Rung(TierName.EXACT_CACHE, request -> missed, cheaper, Duration.ofMillis(1)),
            new Rung(TierName.STUDENT, request -> proposed, cheap, Duration.ofMillis(5)),
            new Rung(TierName.LARGE, request -> missed, tokens, Duration.ofMillis(500))),
        new CostPolicy(Fallback.REJECT, Fallback.REJECT),
        () -> new Gate.Open(Thresholds.student(new Confidence(0.8)), "a-certificate"),
        new AuditCoin(new SplittableRandom(1), 0, 0),
        () -> AcceptanceRates.UNKNOWN,
        LargeUsage.UNKNOWN,
        new Cascade.Ports(
            new NoLimits(),
            entry -> {},
            reference -> {},
            audited -> {},
            Clock.fixed(NOW, ZoneOffset.UTC),
            System::nanoTime));
  }

  private record NoLimits() implements Budgets {
    @Override
    public Reservation reserve(Claim claim) {
      return new Reservation.Granted("", claim, false);
    }

    @Override
    public void settle(Reservation.Granted reservation, Money actual, long tokens) {}
  }
}
