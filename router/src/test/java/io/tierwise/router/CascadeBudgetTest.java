package io.tierwise.router;

import static io.tierwise.router.testing.SampleRequests.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.testing.CascadeFixture;
import io.tierwise.router.testing.InMemoryBudgets.Standing;
import io.tierwise.router.testing.SampleRequests;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A request's worst case here: four large calls at 1 and a student's at 0.001. */
final class CascadeBudgetTest {
  private static final Instant MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z");

  private final ScriptedTier large = ScriptedTier.proposing("question", 1);

  private CascadeFixture cascade(ScriptedTier student, String daily) {
    return new CascadeFixture()
        .tier(TierName.STUDENT, student, "0.001")
        .tier(TierName.LARGE, large, "1")
        .daily(daily)
        .open(0.9);
  }

  private static Refusal exhausted(String daily) {
    return new Refusal.BudgetExhausted(
        Limit.of(new Scope.OfTenant(SampleRequests.TENANT), Period.DAY, Money.of(daily)), MIDNIGHT);
  }

  private static Limit limit(Measure measure, Period period, String amount, String soft) {
    return new Limit(
        new Scope.OfTenant(SampleRequests.TENANT),
        measure,
        period,
        new BigDecimal(amount),
        new BigDecimal(soft));
  }

  private static Standing budget(String limit, String spent) {
    return new Standing(Money.of(limit), Money.of(spent), Money.ZERO);
  }

  @Test
  void reservesTheWorstCaseAndSettlesWhatItCost() {
    CascadeFixture fixture = cascade(ScriptedTier.proposing("bug", 0.1), "4.001");
    fixture.answered(request());
    assertEquals(budget("4.001", "1.001"), fixture.budget());
  }

  @Test
  void refusesWithoutTryingAnythingWhenTheWorstCaseIsNotCovered() {
    ScriptedTier student = ScriptedTier.proposing("bug", 1);
    CascadeFixture fixture = cascade(student, "4.0009");
    Decision.Refused refused = fixture.refused(request());
    assertEquals(exhausted("4.0009"), refused.refusal());
    assertEquals(0, student.attempts());
    assertEquals(Money.ZERO, refused.receipt().saved());
    assertEquals(budget("4.0009", "0"), fixture.budget());
    LedgerEntry entry = fixture.entries().getFirst();
    assertEquals("budget-exhausted", entry.refusal());
    assertEquals(List.of(), entry.lines());
  }

  @Test
  void anExhaustedBudgetMayStillCoverTheCheapTiers() {
    CascadeFixture fixture =
        cascade(ScriptedTier.proposing("bug", 0.95), "0.0025")
            .whenBudgetExhausted(Fallback.CHEAP_ONLY);
    Decision.Answered answered = fixture.answered(request());
    assertEquals(TierName.STUDENT, answered.tier());
    assertEquals("cert-1", answered.certificate());
    assertEquals(budget("0.0025", "0.001"), fixture.budget());
  }

  @Test
  void cheapAnswersToAnExhaustedBudgetStopAtTheCap() {
    CascadeFixture fixture =
        cascade(ScriptedTier.proposing("bug", 0.4), "0.0025")
            .whenBudgetExhausted(Fallback.CHEAP_ONLY);
    assertTrue(fixture.answered(request()).degraded());
    assertTrue(fixture.answered(request()).degraded());
    assertEquals(exhausted("0.0025"), fixture.refused(request()).refusal());
    assertEquals(budget("0.0025", "0.002"), fixture.budget());
  }

  @Test
  void namesTheBudgetWhenNoCheapTierHasACandidateEither() {
    CascadeFixture fixture =
        cascade(ScriptedTier.missing(), "0.0025").whenBudgetExhausted(Fallback.CHEAP_ONLY);
    assertEquals(exhausted("0.0025"), fixture.refused(request()).refusal());
    assertEquals(budget("0.0025", "0.001"), fixture.budget());
  }

  @Test
  void aCallerWhoWantsTheLargeModelIsRefusedRatherThanAnsweredCheaply() {
    CascadeFixture fixture =
        cascade(ScriptedTier.proposing("bug", 1), "3.9").whenBudgetExhausted(Fallback.CHEAP_ONLY);
    assertEquals(exhausted("3.9"), fixture.refused(request(RoutingPolicy.LARGE_ONLY)).refusal());
  }

  @Test
  void aCheapOnlyCallerReservesNoLargeCallAndALargeOnlyCallerNoCheapOne() {
    CascadeFixture cheap = cascade(ScriptedTier.proposing("bug", 1), "0.001");
    assertEquals(TierName.STUDENT, cheap.answered(request(RoutingPolicy.CHEAP_ONLY)).tier());
    CascadeFixture large = cascade(ScriptedTier.proposing("bug", 1), "4");
    assertEquals(TierName.LARGE, large.answered(request(RoutingPolicy.LARGE_ONLY)).tier());
  }

  @Test
  void aTierThatThrowsLeavesNothingReservedAndWhatWasSpentSpent() {
    RuntimeException bug = new IllegalStateException("bug");
    CascadeFixture fixture =
        new CascadeFixture()
            .tier(TierName.STUDENT, ScriptedTier.proposing("bug", 0.1), "0.001")
            .tier(TierName.LARGE, ScriptedTier.throwing(bug), "1")
            .daily("5")
            .open(0.9);
    assertSame(bug, assertThrows(IllegalStateException.class, () -> fixture.decide(request())));
    assertEquals(budget("5", "0.001"), fixture.budget());
    assertEquals(List.of(), fixture.entries());
  }

  @Test
  void concurrentRequestsDoNotLeakPastTheCap() throws Exception {
    CascadeFixture fixture = cascade(ScriptedTier.proposing("bug", 0.1), "30");
    fixture.cascade();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Decision>> decisions = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        decisions.add(executor.submit(() -> fixture.decide(request())));
      }
      for (Future<Decision> decision : decisions) {
        decision.get();
      }
    }
    List<LedgerEntry> entries = fixture.entries();
    assertEquals(64, entries.size());
    Money recorded = entries.stream().map(LedgerEntry::cost).reduce(Money.ZERO, Money::plus);
    Standing budget = fixture.budget();
    assertEquals(recorded, budget.spent());
    assertEquals(Money.ZERO, budget.reserved());
    assertFalse(budget.spent().compareTo(budget.limit()) > 0, budget::toString);
  }

  @Test
  void aSoftLimitGivesACallerOfTheLargeModelWhatTheContractCovers() {
    ScriptedTier student = ScriptedTier.proposing("bug", 0.95);
    Limit soft = limit(Measure.DOLLARS, Period.DAY, "10", "0.3");
    CascadeFixture fixture = cascade(student, "0").limits(soft);
    Decision.Answered answered = fixture.answered(request(RoutingPolicy.LARGE_ONLY));
    assertEquals(TierName.STUDENT, answered.tier());
    assertEquals("cert-1", answered.certificate());
    assertFalse(answered.degraded());
    assertEquals(0, large.attempts());
  }

  @Test
  void aSoftLimitLowersNoThreshold() {
    Limit soft = limit(Measure.DOLLARS, Period.DAY, "10", "0.3");
    CascadeFixture fixture = cascade(ScriptedTier.proposing("bug", 0.89), "0").limits(soft);
    assertEquals(TierName.LARGE, fixture.answered(request(RoutingPolicy.LARGE_ONLY)).tier());
  }

  @Test
  void belowTheSoftLimitTheCallerHasTheLargeModel() {
    Limit soft = limit(Measure.DOLLARS, Period.DAY, "10", "0.4");
    CascadeFixture fixture = cascade(ScriptedTier.proposing("bug", 0.95), "0").limits(soft);
    assertEquals(TierName.LARGE, fixture.answered(request(RoutingPolicy.LARGE_ONLY)).tier());
  }

  @Test
  void moreRequestsThanAMinuteMayHaveAreRefusedUntilTheNext() {
    Limit twice = limit(Measure.REQUESTS, Period.MINUTE, "2", "1");
    CascadeFixture fixture =
        cascade(ScriptedTier.proposing("bug", 0.95), "0")
            .limits(twice)
            .whenBudgetExhausted(Fallback.CHEAP_ONLY);
    fixture.answered(request());
    fixture.answered(request());
    Refusal refusal = fixture.refused(request()).refusal();
    assertEquals(new Refusal.RateLimited(twice, SampleRequests.NOON.plusSeconds(60)), refusal);
    assertEquals("rate-limited", fixture.entries().getLast().refusal());
  }

  @Test
  void tokensAreThoseThatTheLargeModelUsed() {
    Limit tokens = limit(Measure.TOKENS, Period.MINUTE, "1000", "1");
    CascadeFixture fixture = cascade(ScriptedTier.proposing("bug", 0.1), "0").limits(tokens);
    fixture.answered(request());
    long used =
        fixture.entries().getFirst().lines().stream()
            .filter(line -> line.tier() == TierName.LARGE)
            .mapToLong(line -> line.usage().inputTokens() + line.usage().outputTokens())
            .sum();
    assertEquals(new Standing(Money.of("1000"), Money.of("" + used), Money.ZERO), fixture.budget());
  }
}
