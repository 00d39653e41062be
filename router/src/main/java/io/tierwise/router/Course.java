package io.tierwise.router;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
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
import java.util.stream.Stream;

/** One request on its way through a plan: what has been tried, and how it ends. One thread. */
final class Course {
  private final InferenceRequest request;
  private final List<Rung> rungs;
  private final Gate gate;
  private final boolean audited;
  private final Usage expected;
  private final LongSupplier ticker;
  private final long started;
  private final List<JudgedAttempt> attempts = new ArrayList<>();
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
   */
  Decision end(Plan plan, boolean cheapWillDo) {
    Optional<JudgedAttempt> accepted = first(Verdict.ACCEPTED);
    if (accepted.isPresent()) {
      return answered(accepted.get(), false);
    }
    if (cheapWillDo) {
      tryRemainingCheapTiers(plan);
      return bestCandidate()
          .<Decision>map(best -> answered(best, true))
          .orElseGet(() -> refuse(new Refusal.NoCheapCandidate()));
    }
    return refuse(largeTrouble());
  }

  Decision.Refused refuse(Refusal refusal) {
    Receipt paid = receipt();
    // A refused request would have had no answer either way: nothing was saved and nothing lost.
    Counterfactual none = new Counterfactual(paid.cost(), false);
    return new Decision.Refused(
        refusal,
        new Receipt(paid.attempts(), paid.skipped(), none, paid.audited(), paid.latency()));
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

  private void tryRemainingCheapTiers(Plan plan) {
    rungs.stream()
        .filter(rung -> rung.name() != TierName.LARGE && !plan.rungs().contains(rung))
        .filter(rung -> skippedFor(rung.name(), Skipped.Reason.GATE, Skipped.Reason.COST))
        .forEach(rung -> attempts.add(attempt(rung, true)));
  }

  private boolean skippedFor(TierName tier, Skipped.Reason... reasons) {
    return Stream.of(reasons).anyMatch(reason -> skipped.contains(new Skipped(tier, reason)));
  }

  private Optional<JudgedAttempt> first(Verdict verdict) {
    return attempts.stream().filter(judged -> judged.verdict() == verdict).findFirst();
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

  private Refusal largeTrouble() {
    return attempts.stream()
        .filter(judged -> judged.tier() == TierName.LARGE)
        .map(JudgedAttempt::attempt)
        .flatMap(attempt ->
            attempt instanceof Attempt.Unavailable trouble ? Stream.of(trouble) : Stream.empty())
        .findFirst()
        .<Refusal>map(trouble -> new Refusal.LargeUnavailable(trouble.cause(), trouble.detail()))
        .orElseGet(Refusal.NoCheapCandidate::new);
  }

  private Decision.Answered answered(JudgedAttempt judged, boolean degraded) {
    if (!(judged.attempt() instanceof Attempt.Proposed proposed)) {
      throw new IllegalStateException("only a candidate can be accepted");
    }
    TierName tier = judged.tier();
    boolean gated = tier == TierName.STUDENT || tier == TierName.SEMANTIC_CACHE;
    return new Decision.Answered(
        proposed.answer(),
        tier,
        proposed.confidence(),
        gated ? gate.thresholds().of(tier).orElse(null) : null,
        gated && !degraded && gate instanceof Gate.Open open ? open.certificate() : null,
        proposed.version(),
        degraded,
        receipt());
  }

  private Receipt receipt() {
    Counterfactual counterfactual = Counterfactual.of(attempts, rungs.getLast().tariff(), expected);
    Duration latency = Duration.ofNanos(ticker.getAsLong() - started);
    return new Receipt(attempts, skipped, counterfactual, audited, latency);
  }
}
