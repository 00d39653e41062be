package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.cost.Money;
import io.tierwise.router.testing.SampleRequests;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AuditSampleTest {
  private static final Thresholds THRESHOLDS =
      new Thresholds(
          Map.of(
              TierName.SEMANTIC_CACHE, new Confidence(0.95),
              TierName.STUDENT, new Confidence(0.9)));

  private static Scored scored(double confidence, boolean agrees) {
    return new Scored(new Confidence(confidence), agrees);
  }

  @Test
  void isLostWhenAnyTierThatPassesDisagrees() {
    AuditSample sample =
        new AuditSample(
            Map.of(
                TierName.SEMANTIC_CACHE, scored(0.96, true),
                TierName.STUDENT, scored(0.9, false)));
    assertTrue(sample.lost(THRESHOLDS));
    assertTrue(sample.covered(THRESHOLDS));
  }

  @Test
  void isNotLostWhenWhatDisagreesDoesNotPass() {
    AuditSample sample =
        new AuditSample(
            Map.of(
                TierName.SEMANTIC_CACHE, scored(0.94, false),
                TierName.STUDENT, scored(0.95, true)));
    assertFalse(sample.lost(THRESHOLDS));
    assertTrue(sample.covered(THRESHOLDS));
  }

  @Test
  void isNeitherLostNorCoveredWhenNothingPasses() {
    AuditSample sample = new AuditSample(Map.of(TierName.STUDENT, scored(0.5, false)));
    assertFalse(sample.lost(THRESHOLDS));
    assertFalse(sample.covered(THRESHOLDS));
    AuditSample silent = new AuditSample(Map.of());
    assertFalse(silent.lost(THRESHOLDS));
    assertFalse(silent.covered(THRESHOLDS));
  }

  @Test
  void aStaleExactHitIsLostAtEveryThreshold() {
    AuditSample sample = new AuditSample(Map.of(TierName.EXACT_CACHE, scored(1, false)));
    assertTrue(sample.lost(Thresholds.NONE));
  }

  @Test
  void scoresEveryCheapTierAgainstTheReferenceAndTheLargeOneNever() {
    List<JudgedAttempt> attempts =
        List.of(
            judged(TierName.EXACT_CACHE, ScriptedTier.missing()),
            judged(TierName.SEMANTIC_CACHE, ScriptedTier.proposing("bug", 0.8)),
            judged(TierName.STUDENT, ScriptedTier.proposing("question", 0.6)),
            judged(TierName.LARGE, ScriptedTier.proposing("question", 1)));
    assertEquals(
        new AuditSample(
            Map.of(
                TierName.SEMANTIC_CACHE, scored(0.8, false),
                TierName.STUDENT, scored(0.6, true))),
        AuditSample.of(attempts, ScriptedTier.answer("question")));
    assertEquals(
        new AuditSample(
            Map.of(
                TierName.SEMANTIC_CACHE, scored(0.8, false),
                TierName.STUDENT, scored(0.6, false))),
        AuditSample.withoutReference(attempts));
  }

  private static JudgedAttempt judged(TierName name, ScriptedTier tier) {
    return new JudgedAttempt(
        name, tier.attempt(SampleRequests.request()), Verdict.PASSED_ON, Money.ZERO, Duration.ZERO);
  }
}
