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
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.testing.CascadeFixture;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Tier;
import io.tierwise.router.tier.TierName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Two students in line before the large model: the first must be at 0.9, the second at 0.8. */
final class CascadeLineTest {
  private static final Thresholds BOTH =
      new Thresholds(
          Map.of(
              TierName.STUDENT, new Confidence(0.9),
              TierName.SECOND_STUDENT, new Confidence(0.8)));

  private final ScriptedTier large = ScriptedTier.proposing("question", 1);

  private CascadeFixture line(Tier first, Tier second) {
    return new CascadeFixture()
        .gate(new Gate.Open(BOTH, "cert-1"))
        .tier(TierName.STUDENT, first, "0.001")
        .tier(TierName.SECOND_STUDENT, second, "0.01")
        .tier(TierName.LARGE, large, "1");
  }

  private static List<TierName> tiers(LedgerEntry entry) {
    return entry.lines().stream().map(LedgerEntry.Line::tier).toList();
  }

  private static List<Verdict> verdicts(LedgerEntry entry) {
    return entry.lines().stream().map(LedgerEntry.Line::verdict).toList();
  }

  private static List<Money> costs(LedgerEntry entry) {
    return entry.lines().stream().map(LedgerEntry.Line::cost).toList();
  }

  @Test
  void theSecondAnswersWhereTheFirstIsUnsure() {
    CascadeFixture fixture =
        line(ScriptedTier.proposing("bug", 0.89), ScriptedTier.proposing("question", 0.8));
    Decision.Answered answered = fixture.answered(request());

    assertEquals(TierName.SECOND_STUDENT, answered.tier());
    assertEquals(ScriptedTier.answer("question"), answered.answer());
    assertEquals(new Confidence(0.8), answered.threshold());
    assertEquals("cert-1", answered.certificate());
    assertEquals(0, large.attempts());
    assertEquals(Money.of("0.011"), answered.receipt().cost());
    assertEquals(Money.of("0.989"), answered.receipt().saved());
    LedgerEntry entry = fixture.entries().getFirst();
    assertEquals(List.of(TierName.STUDENT, TierName.SECOND_STUDENT), tiers(entry));
    assertEquals(List.of(Verdict.PASSED_ON, Verdict.ACCEPTED), verdicts(entry));
    assertEquals(List.of(Money.of("0.001"), Money.of("0.01")), costs(entry));
  }

  @Test
  void escalatesFromTheFirstToTheSecondToTheLargeModel() {
    CascadeFixture fixture =
        line(ScriptedTier.proposing("bug", 0.89), ScriptedTier.proposing("bug", 0.79));
    Decision.Answered answered = fixture.answered(request());

    assertEquals(TierName.LARGE, answered.tier());
    LedgerEntry entry = fixture.entries().getFirst();
    assertEquals(List.of(TierName.STUDENT, TierName.SECOND_STUDENT, TierName.LARGE), tiers(entry));
    assertEquals(List.of(Verdict.PASSED_ON, Verdict.PASSED_ON, Verdict.ACCEPTED), verdicts(entry));
    assertEquals(List.of(Money.of("0.001"), Money.of("0.01"), Money.of("1")), costs(entry));
    assertEquals(Money.of("1.011"), entry.cost());
  }

  @Test
  void theSecondIsSparedWhereTheFirstIsSure() {
    ScriptedTier second = ScriptedTier.proposing("question", 1);
    Decision.Answered answered =
        line(ScriptedTier.proposing("bug", 0.9), second).answered(request());

    assertEquals(TierName.STUDENT, answered.tier());
    assertEquals(0, second.attempts());
    assertEquals(Money.of("0.001"), answered.receipt().cost());
  }

  @Test
  void anAuditKeepsWhatBothProposeAndIsLostWhenEitherThatPassesDisagrees() {
    CascadeFixture fixture =
        line(ScriptedTier.proposing("question", 0.95), ScriptedTier.proposing("bug", 0.85))
            .audited();
    fixture.answered(request());

    Audited.Pending audit = assertInstanceOf(Audited.Pending.class, fixture.audits().getFirst());
    AuditSample sample = AuditSample.of(audit.attempts(), ScriptedTier.answer("question"));
    assertEquals(
        new AuditSample(
            Map.of(
                TierName.STUDENT, new AuditSample.Scored(new Confidence(0.95), true),
                TierName.SECOND_STUDENT, new AuditSample.Scored(new Confidence(0.85), false))),
        sample);
    assertTrue(sample.lost(BOTH), "though the first answered, and was right");
    assertFalse(sample.lost(Thresholds.student(new Confidence(0.9))));
  }

  @Test
  void nothingIsSaidOfASecondThatIsNotThere() {
    Tier absent =
        new Tier() {
          @Override
          public Attempt attempt(InferenceRequest request) {
            throw new AssertionError("it is not there");
          }

          @Override
          public boolean present() {
            return false;
          }
        };
    CascadeFixture fixture = line(ScriptedTier.proposing("bug", 0.5), absent).audited();
    Decision.Answered answered = fixture.answered(request());

    assertEquals(TierName.LARGE, answered.tier());
    assertEquals(List.of(TierName.STUDENT, TierName.LARGE), tiers(fixture.entries().getFirst()));
    assertEquals(List.of(), answered.receipt().skipped());
  }
}
