package io.tierwise.router;

import static io.tierwise.router.testing.SampleRequests.NOON;
import static io.tierwise.router.testing.SampleRequests.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.Counterfactual;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.policy.Rung;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.testing.CascadeFixture;
import io.tierwise.router.testing.InMemoryBudgets.Standing;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.Skipped;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CascadeTest {
  private final ScriptedTier large = ScriptedTier.proposing("question", 1);

  private CascadeFixture cascade(ScriptedTier exact, ScriptedTier student) {
    return new CascadeFixture()
        .tier(TierName.EXACT_CACHE, exact, "0")
        .tier(TierName.STUDENT, student, "0.001")
        .tier(TierName.LARGE, large, "1");
  }

  private static List<Verdict> verdicts(Decision decision) {
    return decision.receipt().attempts().stream().map(JudgedAttempt::verdict).toList();
  }

  @Test
  void anExactHitAnswersAndNothingElseIsTried() {
    ScriptedTier student = ScriptedTier.proposing("bug", 1);
    ScriptedTier exact =
        ScriptedTier.remembering("question", Usage.tokens(9, 1, Duration.ofMillis(200)));
    Decision.Answered answered = cascade(exact, student).open(0.9).answered(request());

    assertEquals(TierName.EXACT_CACHE, answered.tier());
    assertEquals(ScriptedTier.answer("question"), answered.answer());
    assertNull(answered.threshold());
    assertNull(answered.certificate());
    assertEquals(0, student.attempts());
    assertEquals(0, large.attempts());
    assertEquals(Money.ZERO, answered.receipt().cost());
    assertEquals(new Counterfactual(Money.of("1"), false), answered.receipt().counterfactual());
  }

  @Test
  void aStudentAtItsThresholdAnswersUnderTheCertificate() {
    CascadeFixture fixture =
        cascade(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.9)).open(0.9);
    Decision.Answered answered = fixture.answered(request());

    assertEquals(TierName.STUDENT, answered.tier());
    assertEquals(new Confidence(0.9), answered.confidence());
    assertEquals(new Confidence(0.9), answered.threshold());
    assertEquals("cert-1", answered.certificate());
    assertEquals("v1", answered.version());
    assertFalse(answered.degraded());
    assertEquals(0, large.attempts());
    assertEquals(List.of(Verdict.NO_CANDIDATE, Verdict.ACCEPTED), verdicts(answered));
    assertEquals(Money.of("0.001"), answered.receipt().cost());
    assertEquals(new Counterfactual(Money.of("1"), true), answered.receipt().counterfactual());
    assertEquals(Money.of("0.999"), answered.receipt().saved());
    assertEquals(List.of(), fixture.references());
    assertEquals(List.of(), fixture.audits());
  }

  @Test
  void escalatesWhenTheStudentIsUnsure() {
    CascadeFixture fixture =
        cascade(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.8999)).open(0.9);
    Decision.Answered answered = fixture.answered(request());

    assertEquals(TierName.LARGE, answered.tier());
    assertEquals(ScriptedTier.answer("question"), answered.answer());
    assertNull(answered.certificate());
    assertEquals(
        List.of(Verdict.NO_CANDIDATE, Verdict.PASSED_ON, Verdict.ACCEPTED), verdicts(answered));
    assertEquals(Money.of("1.001"), answered.receipt().cost());
    assertEquals(new Counterfactual(Money.of("1"), false), answered.receipt().counterfactual());
    assertEquals(Money.of("-0.001"), answered.receipt().saved());
    assertEquals(1, fixture.references().size());
    assertEquals(
        ScriptedTier.answer("question"), fixture.references().getFirst().proposal().answer());
    assertFalse(fixture.references().getFirst().audited());
  }

  @Test
  void theLedgerHoldsTheReceiptWhenTheAnswerLeaves() {
    CascadeFixture fixture =
        cascade(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.5)).open(0.9);
    fixture.answered(request());

    Usage call = ScriptedTier.CALL;
    Duration tick = Duration.ofMillis(1);
    // ticks: the course's start, two for each attempt, and the receipt's
    LedgerEntry expected =
        new LedgerEntry(
            "r1",
            NOON,
            "acme",
            "triage",
            LedgerEntry.Purpose.SERVE,
            TierName.LARGE,
            null,
            "v1",
            null,
            List.of(
                new LedgerEntry.Line(
                    TierName.EXACT_CACHE, Verdict.NO_CANDIDATE, null, call, Money.ZERO, tick),
                new LedgerEntry.Line(
                    TierName.STUDENT, Verdict.PASSED_ON, 0.5, call, Money.of("0.001"), tick),
                new LedgerEntry.Line(
                    TierName.LARGE, Verdict.ACCEPTED, 1.0, call, Money.of("1"), tick)),
            Money.of("1.001"),
            Money.of("1"),
            false,
            10,
            false,
            false,
            Duration.ofMillis(7));
    assertEquals(List.of(expected), fixture.entries());
  }

  @Test
  void aShutGateAsksTheLargeModelAndSparesTheStudent() {
    ScriptedTier student = ScriptedTier.proposing("bug", 1);
    Decision.Answered answered =
        cascade(ScriptedTier.missing(), student).gate(new Gate.Shut("alarm")).answered(request());

    assertEquals(TierName.LARGE, answered.tier());
    assertEquals(0, student.attempts());
    assertEquals(
        List.of(new Skipped(TierName.STUDENT, Skipped.Reason.GATE)), answered.receipt().skipped());
  }

  @Test
  void observingOnlyScoresTheCandidatesAlsoExactHits() {
    Gate observe = new Gate.Observe(Thresholds.student(new Confidence(0.9)));
    Decision.Answered answered =
        cascade(ScriptedTier.proposing("bug", 1), ScriptedTier.proposing("bug", 0.95))
            .gate(observe)
            .answered(request());

    assertEquals(TierName.LARGE, answered.tier());
    assertEquals(
        List.of(Verdict.WOULD_ACCEPT, Verdict.WOULD_ACCEPT, Verdict.ACCEPTED), verdicts(answered));
  }

  @Test
  void aCallerWhoWantsTheLargeModelGetsIt() {
    ScriptedTier student = ScriptedTier.proposing("bug", 1);
    Decision.Answered answered =
        cascade(ScriptedTier.proposing("bug", 1), student)
            .open(0.5)
            .answered(request(RoutingPolicy.LARGE_ONLY));
    assertEquals(TierName.LARGE, answered.tier());
    assertEquals(1, answered.receipt().attempts().size());
  }

  @Test
  void aCheapOnlyCallerGetsTheBestCandidateMarkedDegradedWhereNoGateAcceptsIt() {
    Decision.Answered answered =
        cascade(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.4))
            .open(0.9)
            .answered(request(RoutingPolicy.CHEAP_ONLY));
    assertEquals(TierName.STUDENT, answered.tier());
    assertEquals(true, answered.degraded());
    assertNull(answered.certificate());
    assertEquals(0, large.attempts());
  }

  @Test
  void aCheapOnlyCallerIsNotDegradedWhereTheGateAccepts() {
    Decision.Answered answered =
        cascade(ScriptedTier.missing(), ScriptedTier.proposing("bug", 0.95))
            .open(0.9)
            .answered(request(RoutingPolicy.CHEAP_ONLY));
    assertFalse(answered.degraded());
    assertEquals("cert-1", answered.certificate());
  }

  @Test
  void aCheapOnlyCallerIsRefusedWhereThereIsNoCandidate() {
    Decision.Refused refused =
        cascade(ScriptedTier.missing(), ScriptedTier.missing())
            .open(0.9)
            .refused(request(RoutingPolicy.CHEAP_ONLY));
    assertEquals(new Refusal.NoCheapCandidate(), refused.refusal());
    // a loss: the student's attempt was paid for
    assertEquals(Money.of("-0.001"), refused.receipt().saved());
  }

  @Test
  void learnsWhatTheLargeModelUsesFromItsAnswers() {
    Tariff perToken =
        new Tariff.PerToken(Money.of("1000000"), Money.of("1000000"), Money.of("1000000"));
    Usage used = Usage.tokens(50, 10, Duration.ofMillis(300));
    CascadeFixture fixture =
        new CascadeFixture()
            .tier(TierName.STUDENT, ScriptedTier.proposing("bug", 1), "0")
            .rung(
                new Rung(TierName.LARGE, ScriptedTier.using("bug", used), perToken, Duration.ZERO))
            .open(0.5);
    // ten bytes, not one answer yet: three tokens in, one out
    assertEquals(
        new Counterfactual(Money.of("4"), true),
        fixture.answered(request()).receipt().counterfactual());
    fixture.answered(request(RoutingPolicy.LARGE_ONLY));
    assertEquals(
        new Counterfactual(Money.of("60"), true),
        fixture.answered(request()).receipt().counterfactual());
  }

  @Test
  void anAnswerDoesNotLeaveWhenItsReceiptCannotBeWritten() {
    UncheckedIOException full = new UncheckedIOException(new IOException("disk full"));
    CascadeFixture fixture =
        cascade(ScriptedTier.missing(), ScriptedTier.missing())
            .daily("10")
            .ledger(entry -> {
              throw full;
            });
    assertSame(full, assertThrows(UncheckedIOException.class, () -> fixture.decide(request())));
    assertEquals(List.of(), fixture.references());
    assertEquals(new Standing(Money.of("10"), Money.of("1"), Money.ZERO), fixture.budget());
  }

  @Test
  void refusesRungsThatAreNoCascade() {
    CascadeFixture headless =
        new CascadeFixture().tier(TierName.STUDENT, ScriptedTier.missing(), "0");
    assertEquals(
        "rungs: the last is not large; end with the large tier",
        assertThrows(InvalidValueException.class, headless::cascade).getMessage());
    CascadeFixture twice =
        new CascadeFixture().tier(TierName.LARGE, large, "1").tier(TierName.LARGE, large, "1");
    assertEquals(
        "rungs: a tier is there twice; name each tier once",
        assertThrows(InvalidValueException.class, twice::cascade).getMessage());
  }
}
