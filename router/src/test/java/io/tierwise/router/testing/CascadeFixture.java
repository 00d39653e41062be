package io.tierwise.router.testing;

import io.tierwise.router.Cascade;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.policy.CostPolicy;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.policy.Rung;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.Tier;
import io.tierwise.router.tier.TierName;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A cascade at noon with everything around it in memory; every reading of the ticker is 1 ms on.
 */
public final class CascadeFixture {
  private final List<Rung> rungs = new ArrayList<>();
  private final List<Reference> references = Collections.synchronizedList(new ArrayList<>());
  private final List<Audited> audits = Collections.synchronizedList(new ArrayList<>());
  private final InMemoryLedger memory = new InMemoryLedger();
  private final AtomicLong ticks = new AtomicLong();
  private List<Limit> limits = List.of();
  private InMemoryBudgets budgets = new InMemoryBudgets(List.of());
  private Ledger ledger = memory;
  private Gate gate = new Gate.Shut("new");
  private AcceptanceRates rates = AcceptanceRates.UNKNOWN;
  private double auditRate;
  private Fallback whenLargeUnavailable = Fallback.REJECT;
  private Fallback whenBudgetExhausted = Fallback.REJECT;
  private @Nullable Cascade cascade;

  public CascadeFixture rung(Rung rung) {
    rungs.add(rung);
    return this;
  }

  /** A tier that takes no time by the planner's book, at a price per call. */
  public CascadeFixture tier(TierName name, Tier tier, String perRequest) {
    Tariff tariff = new Tariff.PerRequest(Money.of(perRequest));
    return rung(new Rung(name, tier, tariff, Duration.ZERO));
  }

  public CascadeFixture gate(Gate gate) {
    this.gate = gate;
    return this;
  }

  /** An open gate, certificate {@code cert-1}, for a student at least this sure. */
  public CascadeFixture open(double threshold) {
    return gate(new Gate.Open(Thresholds.student(new Confidence(threshold)), "cert-1"));
  }

  public CascadeFixture rates(AcceptanceRates rates) {
    this.rates = rates;
    return this;
  }

  /** Audits every request. */
  public CascadeFixture audited() {
    auditRate = 1;
    return this;
  }

  public CascadeFixture daily(String budget) {
    return limits(dailyLimit(budget));
  }

  public CascadeFixture limits(Limit... limits) {
    this.limits = List.of(limits);
    budgets = new InMemoryBudgets(this.limits);
    return this;
  }

  private static Limit dailyLimit(String budget) {
    return Limit.of(new Scope.OfTenant(SampleRequests.TENANT), Period.DAY, Money.of(budget));
  }

  /** A ledger other than the one in memory. */
  public CascadeFixture ledger(Ledger ledger) {
    this.ledger = ledger;
    return this;
  }

  public CascadeFixture whenLargeUnavailable(Fallback fallback) {
    whenLargeUnavailable = fallback;
    return this;
  }

  public CascadeFixture whenBudgetExhausted(Fallback fallback) {
    whenBudgetExhausted = fallback;
    return this;
  }

  /** The cascade; fixed once asked for, but for its gate. */
  public Cascade cascade() {
    if (cascade == null) {
      cascade =
          new Cascade(
              rungs,
              new CostPolicy(whenLargeUnavailable, whenBudgetExhausted),
              () -> gate,
              new AuditCoin(new Random(1), auditRate, auditRate),
              () -> rates,
              LargeUsage.UNKNOWN,
              new Cascade.Ports(
                  budgets,
                  ledger,
                  references::add,
                  audits::add,
                  Clock.fixed(SampleRequests.NOON, ZoneOffset.UTC),
                  () -> ticks.addAndGet(1_000_000)));
    }
    return cascade;
  }

  public Decision decide(InferenceRequest request) {
    return cascade().answer(request);
  }

  public Decision.Answered answered(InferenceRequest request) {
    return switch (decide(request)) {
      case Decision.Answered answered -> answered;
      case Decision.Refused refused -> throw new AssertionError(refused.refusal().code());
    };
  }

  public Decision.Refused refused(InferenceRequest request) {
    return switch (decide(request)) {
      case Decision.Answered answered -> throw new AssertionError("answered by " + answered.tier());
      case Decision.Refused refused -> refused;
    };
  }

  public List<LedgerEntry> entries() {
    return memory.entries();
  }

  public List<Reference> references() {
    return references;
  }

  public List<Audited> audits() {
    return audits;
  }

  /** Where the first limit stands today. */
  public InMemoryBudgets.Standing budget() {
    return budgets.standing(limits.getFirst(), SampleRequests.NOON);
  }
}
