package io.tierwise.router;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.Counterfactual;
import io.tierwise.router.ledger.Receipt;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Plan;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.policy.Rung;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Skipped;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One request on its way through a plan: what has been tried, and how it ends. One thread. */
final class Course {
  private static final int MOST_TIERS = 4;

  private final InferenceRequest request;
  private final List<Rung> rungs;
  private final Gate gate;
  private final boolean audited;
  private final Usage expected;
  private final LongSupplier ticker;
  private final long started;
  private final List<JudgedAttempt> attempts = new ArrayList<>(MOST_TIERS);
  private List<Skipped> skipped = List.of();

  Course(
      InferenceRequest request,
      List<Rung> rungs,
      Gate gate,
      boolean audited,
      Usage expected,
      LongSupplier ticker) {
    this.request = request;
    this.rungs = rungs;
    this.gate = gate;
    this.audited = audited;
    this.expected = expected;
    this.ticker = ticker;
    this.started = ticker.getAsLong();
  }

  /** Tries the plan's tiers until one is accepted; all the cheap ones where the plan says so. */
  void follow(Plan plan) {
    skipped = plan.skipped();
    boolean accepted = false;
    for (Rung rung : plan.rungs()) {
      if (accepted && (!plan.everything() || rung.name() == TierName.LARGE)) {
        return;
      }
      JudgedAttempt judged = attempt(rung, accepted);
      attempts.add(judged);
      accepted |= judged.verdict() == Verdict.ACCEPTED;
    }
  }

  /**
   * @param cheapWillDo where no gate accepts and the large model has no answer, give the best cheap
   *     candidate, marked degraded
   * @param withoutCandidate the refusal where the large model was not to be asked
   */
  Decision end(boolean cheapWillDo, Refusal withoutCandidate) {
    JudgedAttempt accepted = accepted();
    if (accepted == null && request.context().cancellation().cancelled()) {
      return refuse(new Refusal.Cancelled());
    }
    if (accepted == null && cheapWillDo) {
      tryWhatThePlanSpared();
      accepted = accepted();
    }
    if (accepted != null) {
      return answered(accepted, false);
    }
    Optional<Decision> degraded =
        cheapWillDo ? bestCandidate().map(judged -> answered(judged, true)) : Optional.empty();
    return degraded.orElseGet(() -> refuse(largeTrouble().orElse(withoutCandidate)));
  }

  Decision.Refused refuse(Refusal refusal) {
    return new Decision.Refused(refusal, receipt(Counterfactual.refused(attempts)));
  }

  /** What the attempts made so far have cost. */
  Money spent() {
    Money spent = Money.ZERO;
    for (JudgedAttempt judged : attempts) {
      spent = spent.plus(judged.cost());
    }
    return spent;
  }

  /** What the large model has read and written so far. */
  long largeTokens() {
    long tokens = 0;
    for (JudgedAttempt judged : attempts) {
      if (judged.tier() == TierName.LARGE) {
        tokens += judged.attempt().usage().inputTokens() + judged.attempt().usage().outputTokens();
      }
    }
    return tokens;
  }

  private JudgedAttempt attempt(Rung rung, boolean alreadyAnswered) {
    long start = ticker.getAsLong();
    Attempt attempt = rung.tier().attempt(request);
    Duration latency = Duration.ofNanos(ticker.getAsLong() - start);
    Verdict verdict =
        switch (attempt) {
          case Attempt.Proposed proposed -> judge(rung.name(), proposed, alreadyAnswered);
          case Attempt.Missed missed -> Verdict.NO_CANDIDATE;
          case Attempt.Unavailable unavailable -> Verdict.NO_CANDIDATE;
        };
    return new JudgedAttempt(
        rung.name(), attempt, verdict, rung.tariff().cost(attempt.usage()), latency);
  }

  private Verdict judge(TierName tier, Attempt.Proposed proposed, boolean alreadyAnswered) {
    Verdict verdict = gate.judge(tier, proposed.confidence());
    return alreadyAnswered && verdict == Verdict.ACCEPTED ? Verdict.WOULD_ACCEPT : verdict;
  }

  /** Tries, until one is accepted, the cheap tiers left out because the large one would do. */
  private void tryWhatThePlanSpared() {
    for (Rung rung : rungs) {
      if (spared(rung.name()) && accepted() == null) {
        attempts.add(attempt(rung, false));
      }
    }
  }

  private boolean spared(TierName tier) {
    return skipped.contains(new Skipped(tier, Skipped.Reason.GATE))
        || skipped.contains(new Skipped(tier, Skipped.Reason.COST));
  }

  private @Nullable JudgedAttempt accepted() {
    for (JudgedAttempt judged : attempts) {
      if (judged.verdict() == Verdict.ACCEPTED) {
        return judged;
      }
    }
    return null;
  }

  private Optional<JudgedAttempt> bestCandidate() {
    return attempts.stream()
        .filter(judged -> judged.attempt() instanceof Attempt.Proposed)
        .max(Comparator.comparing(Course::confidence));
  }

  private static Confidence confidence(JudgedAttempt judged) {
    return judged.attempt() instanceof Attempt.Proposed proposed
        ? proposed.confidence()
        : Confidence.NONE;
  }

  private Optional<Refusal> largeTrouble() {
    return attempts.stream()
        .filter(judged -> judged.tier() == TierName.LARGE)
        .findFirst()
        .map(judged ->
            judged.attempt() instanceof Attempt.Unavailable trouble
                ? refusal(trouble)
                : new Refusal.LargeUnavailable(Attempt.Cause.UNUSABLE_ANSWER, "it gave no answer"));
  }

  private static Refusal refusal(Attempt.Unavailable trouble) {
    return switch (trouble.cause()) {
      case DEADLINE -> new Refusal.DeadlineExceeded();
      case CANCELLED -> new Refusal.Cancelled();
      case TIMEOUT, SATURATED, BREAKER_OPEN, THROTTLED, FAILED, UNUSABLE_ANSWER ->
          new Refusal.LargeUnavailable(trouble.cause(), trouble.detail());
    };
  }

  private Decision.Answered answered(JudgedAttempt judged, boolean degraded) {
    if (!(judged.attempt() instanceof Attempt.Proposed proposed)) {
      throw new IllegalStateException("only a candidate can be accepted");
    }
    TierName tier = judged.tier();
    boolean gated = tier.student() || tier == TierName.SEMANTIC_CACHE;
    return new Decision.Answered(
        proposed.answer(),
        tier,
        proposed.confidence(),
        gated ? gate.thresholds().of(tier).orElse(null) : null,
        gated && !degraded && gate instanceof Gate.Open open ? open.certificate() : null,
        proposed.version(),
        degraded,
        receipt(Counterfactual.of(attempts, rungs.getLast().tariff(), expected)));
  }

  private Receipt receipt(Counterfactual counterfactual) {
    Duration latency = Duration.ofNanos(ticker.getAsLong() - started);
    return new Receipt(attempts, skipped, counterfactual, audited, latency);
  }
}
