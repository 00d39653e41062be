package io.tierwise.router;

import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Audits;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.policy.CostPolicy;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.policy.Plan;
import io.tierwise.router.policy.Planner;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.policy.Rung;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.References;
import io.tierwise.router.tier.TierName;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The whole way of one request of one task, from its reservation to its receipt. */
public final class Cascade {
  /** Retries and long answers included, a large call has never cost more than this many means. */
  private static final long WORST_CASE = 4;

  private final List<Rung> rungs;
  private final CostPolicy policy;
  private final Supplier<Gate> gate;
  private final AuditCoin coin;
  private final Supplier<AcceptanceRates> rates;
  private final AtomicReference<LargeUsage> seen;
  private final Ports ports;

  /**
   * The outside world, as one request sees it.
   *
   * @param ticker monotonic nanoseconds, for latencies
   */
  public record Ports(
      Budgets budgets,
      Ledger ledger,
      References references,
      Audits audits,
      Clock clock,
      LongSupplier ticker) {}

  /**
   * @param rungs cheapest first; the last is the large tier, which accepts everything
   * @param gate the task's gate, at most a few seconds old
   * @param rates acceptance rates, known from audits
   * @param seen what the large model has used so far, as folded from the ledger
   */
  public Cascade(
      List<Rung> rungs,
      CostPolicy policy,
      Supplier<Gate> gate,
      AuditCoin coin,
      Supplier<AcceptanceRates> rates,
      LargeUsage seen,
      Ports ports) {
    if (rungs.isEmpty() || rungs.getLast().name() != TierName.LARGE) {
      throw new InvalidValueException("rungs", "the last is not large", "end with the large tier");
    }
    this.rungs = List.copyOf(rungs);
    this.policy = policy;
    this.gate = gate;
    this.coin = coin;
    this.rates = rates;
    this.seen = new AtomicReference<>(seen);
    this.ports = ports;
  }

  /** Answers or refuses; when this returns, the receipt is in the ledger. */
  public Decision answer(InferenceRequest request) {
    Instant now = ports.clock().instant();
    Usage expected = seen.get().estimate(request.bytes());
    Decision decision =
        switch (ports.budgets().reserve(request.context().tenant(), worstCase(expected), now)) {
          case Reservation.Granted granted -> settled(granted, request, expected, now);
          case Reservation.Exhausted exhausted -> overBudget(exhausted, request, expected, now);
        };
    ports.ledger().record(Receipts.entry(request, decision, now));
    learn(request, decision);
    return decision;
  }

  private Decision settled(
      Reservation.Granted granted, InferenceRequest request, Usage expected, Instant now) {
    Money spent = Money.ZERO;
    try {
      Decision decision = route(request, request.context().policy(), expected, now);
      spent = decision.receipt().cost();
      return decision;
    } finally {
      ports.budgets().settle(granted, spent);
    }
  }

  private Decision overBudget(
      Reservation.Exhausted exhausted, InferenceRequest request, Usage expected, Instant now) {
    return switch (policy.whenBudgetExhausted()) {
      case CHEAP_ONLY -> route(request, RoutingPolicy.CHEAP_ONLY, expected, now);
      case REJECT ->
          new Course(request, rungs, gate.get(), false, expected, ports.ticker())
              .refuse(new Refusal.BudgetExhausted(exhausted.resetsAt()));
    };
  }

  private Decision route(
      InferenceRequest request, RoutingPolicy routing, Usage expected, Instant now) {
    Gate current = gate.get();
    boolean audited = routing == RoutingPolicy.DEFAULT && coin.flip(current);
    boolean everything = audited || current instanceof Gate.Observe;
    Plan plan =
        new Planner(routing, current, rates.get(), expected, everything, now).plan(rungs, request);
    Course course = new Course(request, rungs, current, audited, expected, ports.ticker());
    course.follow(plan);
    boolean cheapWillDo =
        routing == RoutingPolicy.CHEAP_ONLY || policy.whenLargeUnavailable() == Fallback.CHEAP_ONLY;
    return course.end(plan, cheapWillDo);
  }

  /** Hands the large model's answer, and the audit where one was drawn, to those who learn. */
  private void learn(InferenceRequest request, Decision decision) {
    Receipts.reference(request, decision)
        .ifPresent(reference -> {
          seen.updateAndGet(usage -> usage.observe(request.bytes(), reference.proposal().usage()));
          ports.references().observe(reference);
        });
    if (decision.receipt().audited()) {
      ports.audits().submit(Audited.of(request, decision.receipt().attempts()));
    }
  }

  private Money worstCase(Usage expected) {
    return rungs.stream()
        .map(rung ->
            rung.name() == TierName.LARGE
                ? rung.tariff().cost(expected).times(WORST_CASE)
                : rung.tariff().cost(Usage.call(rung.typicalLatency())))
        .reduce(Money.ZERO, Money::plus);
  }
}
