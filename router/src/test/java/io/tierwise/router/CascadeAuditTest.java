package io.tierwise.router;

import static io.tierwise.router.testing.SampleRequests.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.testing.CascadeFixture;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CascadeAuditTest {
  private final ScriptedTier large = ScriptedTier.proposing("question", 1);

  private CascadeFixture audited(ScriptedTier exact, ScriptedTier student) {
    return new CascadeFixture()
        .audited()
        .tier(TierName.EXACT_CACHE, exact, "0")
        .tier(TierName.STUDENT, student, "0.001")
        .tier(TierName.LARGE, large, "1");
  }

  private static List<Verdict> verdicts(List<JudgedAttempt> attempts) {
    return attempts.stream().map(JudgedAttempt::verdict).toList();
  }

  @Test
  void triesEveryCheapTierAlsoAfterOneAnsweredAndLeavesTheLargeModelForLater() {
    CascadeFixture fixture =
        audited(ScriptedTier.proposing("bug", 1), ScriptedTier.proposing("bug", 0.95)).open(0.9);
    Decision.Answered answered = fixture.answered(request());

    assertEquals(TierName.EXACT_CACHE, answered.tier());
    assertTrue(answered.receipt().audited());
    assertEquals(0, large.attempts());
    Audited.Pending pending = assertInstanceOf(Audited.Pending.class, fixture.audits().getFirst());
    assertEquals(List.of(Verdict.ACCEPTED, Verdict.WOULD_ACCEPT), verdicts(pending.attempts()));
    assertTrue(fixture.entries().getFirst().audited());
  }

  @Test
  void isCompleteWhenTheLargeModelAnsweredTheCaller() {
    CascadeFixture fixture =
        audited(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.4)).open(0.9);
    fixture.answered(request());

    Audited.Complete complete =
        assertInstanceOf(Audited.Complete.class, fixture.audits().getFirst());
    assertEquals(ScriptedTier.answer("question"), complete.reference());
    assertTrue(fixture.references().getFirst().audited());
    assertEquals(
        AuditSample.student(new Confidence(0.4), false),
        AuditSample.of(complete.attempts(), complete.reference()));
  }

  @Test
  void anAuditIsSafeBeforeTheAnswerIsInTheLedger() {
    CascadeFixture fixture =
        audited(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.95)).open(0.9);
    fixture.ledger(entry -> assertEquals(1, fixture.audits().size()));
    fixture.answered(request());
    assertEquals(1, fixture.audits().size());
  }

  @Test
  void scoresTheStudentBehindAShutGate() {
    CascadeFixture fixture =
        audited(ScriptedTier.missing(), ScriptedTier.proposing("question", 0.7))
            .gate(new Gate.Shut("no certificate"));
    assertEquals(TierName.LARGE, fixture.answered(request()).tier());
    Audited.Complete complete =
        assertInstanceOf(Audited.Complete.class, fixture.audits().getFirst());
    assertEquals(
        List.of(Verdict.NO_CANDIDATE, Verdict.PASSED_ON, Verdict.ACCEPTED),
        verdicts(complete.attempts()));
    assertEquals(
        AuditSample.student(new Confidence(0.7), true),
        AuditSample.of(complete.attempts(), complete.reference()));
  }

  @Test
  void triesATierThatIsNotWorthItsCost() {
    ScriptedTier student = ScriptedTier.proposing("bug", 0.95);
    CascadeFixture fixture =
        audited(ScriptedTier.missing(), student)
            .rates(new AcceptanceRates(Map.of(TierName.STUDENT, 0.0)))
            .open(0.9);
    fixture.answered(request());
    assertEquals(1, student.attempts());
  }

  @Test
  void onlyDefaultTrafficIsAudited() {
    CascadeFixture fixture =
        audited(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.95)).open(0.9);
    assertFalse(fixture.answered(request(RoutingPolicy.LARGE_ONLY)).receipt().audited());
    assertFalse(fixture.answered(request(RoutingPolicy.CHEAP_ONLY)).receipt().audited());
    assertEquals(List.of(), fixture.audits());
  }

  @Test
  void aRequestDrawnForAnAuditStaysInTheSampleWhenItsCallerGoesAway() {
    CascadeFixture fixture =
        new CascadeFixture()
            .audited()
            .tier(TierName.STUDENT, ScriptedTier.proposing("bug", 0.4), "0.001")
            .tier(TierName.LARGE, ScriptedTier.unavailable(Attempt.Cause.CANCELLED), "1")
            .open(0.9);
    assertEquals(new Refusal.Cancelled(), fixture.refused(request()).refusal());
    assertInstanceOf(Audited.Pending.class, fixture.audits().getFirst());
    assertEquals("cancelled", fixture.entries().getFirst().refusal());
  }

  @Test
  void aRequestDrawnForAnAuditStaysInTheSampleWhenItIsRefused() {
    CascadeFixture fixture =
        new CascadeFixture()
            .audited()
            .tier(TierName.STUDENT, ScriptedTier.proposing("bug", 0.4), "0.001")
            .tier(TierName.LARGE, ScriptedTier.unavailable(Attempt.Cause.TIMEOUT), "1")
            .open(0.9);
    assertEquals(
        new Refusal.LargeUnavailable(Attempt.Cause.TIMEOUT, "scripted"),
        fixture.refused(request()).refusal());
    Audited.Pending pending = assertInstanceOf(Audited.Pending.class, fixture.audits().getFirst());
    assertEquals(
        AuditSample.student(new Confidence(0.4), false),
        AuditSample.withoutReference(pending.attempts()));
  }
}
