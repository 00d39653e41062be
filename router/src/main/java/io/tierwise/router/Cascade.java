package io.tierwise.router;

import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Audits;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.Claim;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Reservation;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.policy.CostPolicy;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.policy.Planner;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.policy.Rung;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.References;
import io.tierwise.router.tier.TierName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The whole way of one request of one task, from its reservation to its receipt. */
public final class Cascade {
  /** Set aside for a large call, in expected calls: room for retries and long answers. */
  private static final long WORST_CASE = 4;

  /** After its deadline a request still settles what it gave up; beyond this it is dead. */
  private static final Duration LEASE_AFTER_DEADLINE = Duration.ofSeconds(10);

  private final List<Rung> rungs;

  private volatile Cheap cheap = new Cheap(0, Money.ZERO);

  private final CostPolicy policy;
  private final Supplier<Gate> gate;
  private final AuditCoin coin;
  private final Supplier<AcceptanceRates> rates;
  private final AtomicReference<LargeUsage> seen;
  private final Ports ports;

  /**
   * What some cheap tiers cost together: asked for by every request, and seldom another.
   *
   * @param there a bit for each, from the first on
   */
  private record Cheap(int there, Money cost) {}

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
   * One request and what is fixed about it before any tier is tried.
   *
   * @param routing the caller's policy, or what a limit has made of it
   * @param thrifty a soft limit is passed
   * @param expected what the large model is expected to use
   * @param withoutCandidate what to refuse with where only cheap tiers may answer and none can
   */
  private record Way(
      InferenceRequest request,
      RoutingPolicy routing,
      boolean thrifty,
      Gate gate,
      Usage expected,
      Refusal withoutCandidate,
      Instant now) {
    Way cheapOnly(Refusal withoutCandidate) {
      return new Way(
          request, RoutingPolicy.CHEAP_ONLY, thrifty, gate, expected, withoutCandidate, now);
    }

    /** The contract still holds for what cheap tiers answer, also to one who would have large. */
    Way thrift() {
      RoutingPolicy shifted = routing == RoutingPolicy.LARGE_ONLY ? RoutingPolicy.DEFAULT : routing;
      return new Way(request, shifted, true, gate, expected, withoutCandidate, now);
    }
  }

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
    if (rungs.stream().map(Rung::name).distinct().count() < rungs.size()) {
      throw new InvalidValueException("rungs", "a tier is there twice", "name each tier once");
    }
    this.rungs = List.copyOf(rungs);
    this.policy = policy;
    this.gate = gate;
    this.coin = coin;
    this.rates = rates;
    this.seen = new AtomicReference<>(seen);
    this.ports = ports;
  }

  /** What the large model has used so far. */
  public LargeUsage seen() {
    return seen.get();
  }

  /** Answers or refuses; when this returns, the receipt is in the ledger. */
  public Decision answer(InferenceRequest request) {
    Instant now = ports.clock().instant();
    RoutingPolicy routing = request.context().policy();
    Usage expected = seen.get().estimate(request.bytes());
    Gate met = gate.get();
    Decision decision =
        reserve(
            new Way(request, routing, false, met, expected, new Refusal.NoCheapCandidate(), now));
    // Before the ledger: a crash between the two leaves an audit too many, never one forgotten.
    if (decision.receipt().audited()) {
      ports.audits().submit(Audited.of(request, met, decision.receipt().attempts()));
    }
    ports.ledger().record(Receipts.entry(request, decision, now));
    learn(request, decision);
    return decision;
  }

  private Decision reserve(Way way) {
    return switch (ports.budgets().reserve(claim(way))) {
      case Reservation.Granted granted -> settled(granted, granted.soft() ? way.thrift() : way);
      case Reservation.Exhausted exhausted -> beyondLimit(exhausted, way);
    };
  }

  private Claim claim(Way way) {
    boolean large = way.routing() != RoutingPolicy.CHEAP_ONLY;
    return new Claim(
        way.request().context().tenant(),
        way.request().task().name(),
        worstCase(way),
        large ? way.expected().inputTokens() + way.expected().outputTokens() : 0,
        way.now(),
        way.request().context().deadline().plus(LEASE_AFTER_DEADLINE));
  }

  /**
   * What is left may still cover the cheap tiers. A caller who wants the large model gets no less.
   */
  private Decision beyondLimit(Reservation.Exhausted exhausted, Way way) {
    Refusal refusal =
        switch (exhausted.limit().measure()) {
          case DOLLARS -> new Refusal.BudgetExhausted(exhausted.limit(), exhausted.resetsAt());
          case REQUESTS, TOKENS -> new Refusal.RateLimited(exhausted.limit(), exhausted.resetsAt());
        };
    return refusal instanceof Refusal.BudgetExhausted
            && way.routing() == RoutingPolicy.DEFAULT
            && policy.whenBudgetExhausted() == Fallback.CHEAP_ONLY
        ? reserve(way.cheapOnly(refusal))
        : course(way, false).refuse(refusal);
  }

  private Decision settled(Reservation.Granted granted, Way way) {
    boolean audited = way.routing() == RoutingPolicy.DEFAULT && coin.flip(way.gate());
    Course course = course(way, audited);
    try {
      return route(course, way, audited);
    } finally {
      // Also when a tier throws: what was tried before it is paid for, the rest is let go.
      ports.budgets().settle(granted, course.spent(), course.largeTokens());
    }
  }

  private Decision route(Course course, Way way, boolean audited) {
    boolean everything = audited || way.gate() instanceof Gate.Observe;
    Planner planner =
        new Planner(
            way.routing(),
            way.gate(),
            rates.get(),
            way.expected(),
            everything,
            way.thrifty(),
            way.now());
    course.follow(planner.plan(rungs, way.request()));
    boolean cheapWillDo =
        way.routing() == RoutingPolicy.CHEAP_ONLY
            || policy.whenLargeUnavailable() == Fallback.CHEAP_ONLY;
    return course.end(cheapWillDo, way.withoutCandidate());
  }

  private Course course(Way way, boolean audited) {
    return new Course(way.request(), rungs, way.gate(), audited, way.expected(), ports.ticker());
  }

  /** Hands the large model's answer to those who learn. */
  private void learn(InferenceRequest request, Decision decision) {
    Receipts.reference(request, decision)
        .ifPresent(reference -> {
          // What a shared call took is learnt from the request that is charged for it.
          if (!reference.proposal().shared()) {
            Usage used = reference.proposal().usage();
            seen.updateAndGet(usage -> usage.observe(request.bytes(), used));
          }
          ports.references().observe(reference);
        });
  }

  private Money worstCase(Way way) {
    return switch (way.routing()) {
      case DEFAULT -> cheap().plus(worstLarge(way));
      case LARGE_ONLY -> worstLarge(way);
      case CHEAP_ONLY -> cheap();
    };
  }

  /** What one attempt of each cheap tier that is there now costs together. */
  private Money cheap() {
    int there = 0;
    for (int i = 0; i < rungs.size() - 1; i++) {
      there |= rungs.get(i).tier().present() ? (1 << i) : 0;
    }
    Cheap known = cheap;
    if (known.there() != there) {
      known = new Cheap(there, sum(there));
      cheap = known;
    }
    return known.cost();
  }

  private Money sum(int there) {
    Money sum = Money.ZERO;
    for (int i = 0; i < rungs.size() - 1; i++) {
      sum = (there & (1 << i)) == 0 ? sum : sum.plus(rungs.get(i).typicalCost());
    }
    return sum;
  }

  private Money worstLarge(Way way) {
    return rungs.getLast().tariff().cost(way.expected()).times(WORST_CASE);
  }
}
