package io.tierwise.router.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.testing.SampleRequests;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CounterfactualTest {
  /** A dollar a token, in or out. */
  private static final Tariff LARGE =
      new Tariff.PerToken(Money.of("1000000"), Money.of("1000000"), Money.of("1000000"));

  private static final Usage EXPECTED = Usage.tokens(30, 1, Duration.ZERO);
  private static final Usage THEN = Usage.tokens(20, 2, Duration.ZERO);

  private static JudgedAttempt attempt(TierName name, ScriptedTier tier, String cost) {
    return new JudgedAttempt(
        name,
        tier.attempt(SampleRequests.request()),
        Verdict.ACCEPTED,
        Money.of(cost),
        Duration.ZERO);
  }

  private static Counterfactual of(JudgedAttempt... attempts) {
    return Counterfactual.of(List.of(attempts), LARGE, EXPECTED);
  }

  @Test
  void isWhatTheLargeModelCostWhenItAnswered() {
    assertEquals(
        new Counterfactual(Money.of("7"), false),
        of(
            attempt(TierName.EXACT_CACHE, ScriptedTier.remembering("bug", THEN), "0"),
            attempt(TierName.LARGE, ScriptedTier.proposing("bug", 1), "7")));
  }

  @Test
  void isWhatTheCachedAnswerTookAtTodaysPrice() {
    assertEquals(
        new Counterfactual(Money.of("22"), false),
        of(attempt(TierName.EXACT_CACHE, ScriptedTier.remembering("bug", THEN), "0")));
  }

  @Test
  void isAnEstimateWhereNothingIsKnown() {
    assertEquals(
        new Counterfactual(Money.of("31"), true),
        of(attempt(TierName.STUDENT, ScriptedTier.proposing("bug", 1), "0.1")));
    assertEquals(
        new Counterfactual(Money.of("31"), true),
        of(attempt(TierName.EXACT_CACHE, ScriptedTier.proposing("bug", 1), "0")));
  }

  @Test
  void aNeighboursUsageIsNotThisRequests() {
    assertEquals(
        new Counterfactual(Money.of("31"), true),
        of(attempt(TierName.SEMANTIC_CACHE, ScriptedTier.remembering("bug", THEN), "0")));
  }

  @Test
  void ofASharedCallIsWhatACallOfItsOwnWouldHaveCost() {
    Attempt.Proposed call =
        (Attempt.Proposed) ScriptedTier.using("bug", THEN).attempt(SampleRequests.request());
    Attempt.Proposed shared = call.toShare();
    assertEquals(Usage.NONE, shared.usage());
    assertEquals(
        of(attempt(TierName.EXACT_CACHE, ScriptedTier.remembering("bug", THEN), "0")),
        of(attempt(TierName.LARGE, new ScriptedTier(() -> shared), "0")));
  }

  @Test
  void aLargeModelThatFailedLeavesAnEstimate() {
    assertEquals(
        new Counterfactual(Money.of("31"), true),
        of(
            attempt(TierName.STUDENT, ScriptedTier.proposing("bug", 1), "0.1"),
            attempt(TierName.LARGE, ScriptedTier.unavailable(Attempt.Cause.TIMEOUT), "0")));
  }

  @Test
  void ofARefusalIsWhatTheLargeTierTook() {
    JudgedAttempt student = attempt(TierName.STUDENT, ScriptedTier.missing(), "0.1");
    JudgedAttempt large =
        attempt(TierName.LARGE, ScriptedTier.unavailable(Attempt.Cause.TIMEOUT), "5");
    assertEquals(
        new Counterfactual(Money.of("5"), false), Counterfactual.refused(List.of(student, large)));
    assertEquals(new Counterfactual(Money.ZERO, false), Counterfactual.refused(List.of(student)));
  }
}
