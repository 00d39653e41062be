package io.tierwise.router;

import static io.tierwise.router.testing.SampleRequests.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.Counterfactual;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.testing.CascadeFixture;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The large model has no answer. */
final class CascadeFallbackTest {
  private static final Refusal SATURATED =
      new Refusal.LargeUnavailable(Attempt.Cause.SATURATED, "scripted");

  private static CascadeFixture cascade(ScriptedTier semantic, ScriptedTier student) {
    return cascade(semantic, student, ScriptedTier.unavailable(Attempt.Cause.SATURATED));
  }

  private static CascadeFixture cascade(
      ScriptedTier semantic, ScriptedTier student, ScriptedTier large) {
    Thresholds thresholds =
        new Thresholds(
            Map.of(
                TierName.SEMANTIC_CACHE, new Confidence(0.9),
                TierName.STUDENT, new Confidence(0.9)));
    return new CascadeFixture()
        .tier(TierName.SEMANTIC_CACHE, semantic, "0.0001")
        .tier(TierName.STUDENT, student, "0.001")
        .tier(TierName.LARGE, large, "1")
        .gate(new Gate.Open(thresholds, "cert-1"));
  }

  @Test
  void rejectsWithTheCauseAndClaimsNoSaving() {
    CascadeFixture fixture =
        cascade(ScriptedTier.proposing("bug", 0.5), ScriptedTier.proposing("bug", 0.6));
    Decision.Refused refused = fixture.refused(request());
    assertEquals(SATURATED, refused.refusal());
    assertEquals(new Counterfactual(Money.ZERO, false), refused.receipt().counterfactual());
    assertEquals(Money.of("-0.0011"), refused.receipt().saved());
    assertEquals("large-unavailable", fixture.entries().getFirst().refusal());
    assertNull(fixture.entries().getFirst().answeredBy());
  }

  @Test
  void aDeadlineThatPassesRejectsWithACodeOfItsOwnOrFallsBack() {
    ScriptedTier late = ScriptedTier.unavailable(Attempt.Cause.DEADLINE);
    CascadeFixture rejecting =
        cascade(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.6), late);
    assertEquals(new Refusal.DeadlineExceeded(), rejecting.refused(request()).refusal());
    CascadeFixture falling =
        cascade(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.6), late)
            .whenLargeUnavailable(Fallback.CHEAP_ONLY);
    assertTrue(falling.answered(request()).degraded());
  }

  @Test
  void whatAFailedLargeCallCostIsChargedAndIsTheCounterfactual() {
    ScriptedTier failing =
        new ScriptedTier(() ->
            new Attempt.Unavailable(Attempt.Cause.UNUSABLE_ANSWER, "gibberish", ScriptedTier.CALL));
    Decision.Refused refused =
        cascade(ScriptedTier.missing(), ScriptedTier.missing(), failing).refused(request());
    assertEquals(Money.of("1.0011"), refused.receipt().cost());
    assertEquals(new Counterfactual(Money.of("1"), false), refused.receipt().counterfactual());
  }

  @Test
  void cheapOnlyGivesTheSurestCandidateMarkedDegraded() {
    Decision.Answered answered =
        cascade(ScriptedTier.proposing("question", 0.5), ScriptedTier.proposing("bug", 0.6))
            .whenLargeUnavailable(Fallback.CHEAP_ONLY)
            .answered(request());
    assertEquals(TierName.STUDENT, answered.tier());
    assertEquals(new Confidence(0.6), answered.confidence());
    assertEquals(new Confidence(0.9), answered.threshold());
    assertNull(answered.certificate());
    assertTrue(answered.degraded());
  }

  @Test
  void ofEquallySureCandidatesTheCheaperTiersIsGiven() {
    Decision.Answered answered =
        cascade(ScriptedTier.proposing("question", 0.6), ScriptedTier.proposing("bug", 0.6))
            .whenLargeUnavailable(Fallback.CHEAP_ONLY)
            .answered(request());
    assertEquals(TierName.SEMANTIC_CACHE, answered.tier());
  }

  @Test
  void aTierSparedForItsCostIsTriedAndItsCandidateMayStandUnderTheCertificate() {
    ScriptedTier student = ScriptedTier.proposing("bug", 0.95);
    Decision.Answered answered =
        cascade(ScriptedTier.missing(), student)
            .rates(new AcceptanceRates(Map.of(TierName.STUDENT, 0.0)))
            .whenLargeUnavailable(Fallback.CHEAP_ONLY)
            .answered(request());
    assertEquals(1, student.attempts());
    assertEquals(TierName.STUDENT, answered.tier());
    assertEquals("cert-1", answered.certificate());
    assertFalse(answered.degraded());
  }

  @Test
  void aShutGatesStudentIsTriedAndItsCandidateIsDegraded() {
    Decision.Answered answered =
        cascade(ScriptedTier.missing(), ScriptedTier.proposing("bug", 1))
            .gate(new Gate.Shut("alarm"))
            .whenLargeUnavailable(Fallback.CHEAP_ONLY)
            .answered(request());
    assertEquals(TierName.STUDENT, answered.tier());
    assertTrue(answered.degraded());
    assertNull(answered.certificate());
    assertNull(answered.threshold());
  }

  @Test
  void namesTheLargeModelsTroubleWhenNoCheapTierHasACandidateEither() {
    assertEquals(
        SATURATED,
        cascade(ScriptedTier.missing(), ScriptedTier.missing())
            .whenLargeUnavailable(Fallback.CHEAP_ONLY)
            .refused(request())
            .refusal());
  }

  @Test
  void aCallerWhoWantsTheLargeModelGetsNoCheapCandidate() {
    ScriptedTier student = ScriptedTier.proposing("bug", 1);
    assertEquals(
        SATURATED,
        cascade(ScriptedTier.missing(), student)
            .whenLargeUnavailable(Fallback.CHEAP_ONLY)
            .refused(request(RoutingPolicy.LARGE_ONLY))
            .refusal());
    assertEquals(0, student.attempts());
  }

  @Test
  void aLargeModelWithNothingToSayHasGivenNoUsableAnswer() {
    assertEquals(
        new Refusal.LargeUnavailable(Attempt.Cause.UNUSABLE_ANSWER, "it gave no answer"),
        cascade(ScriptedTier.missing(), ScriptedTier.missing(), ScriptedTier.missing())
            .refused(request())
            .refusal());
  }
}
