package io.tierwise.router.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

final class GateTest {
  private static final Thresholds STUDENT_AT_90 = Thresholds.student(new Confidence(0.9));

  private static Verdict judge(Gate gate, TierName tier, double confidence) {
    return gate.judge(tier, new Confidence(confidence));
  }

  @Test
  void anOpenGateAcceptsFromTheThresholdOn() {
    Gate open = new Gate.Open(STUDENT_AT_90, "cert-1");
    assertEquals(Verdict.ACCEPTED, judge(open, TierName.STUDENT, 0.9));
    assertEquals(Verdict.PASSED_ON, judge(open, TierName.STUDENT, Math.nextDown(0.9)));
  }

  @Test
  void aTierWithoutAThresholdPassesNothing() {
    Gate open = new Gate.Open(STUDENT_AT_90, "cert-1");
    assertEquals(Verdict.PASSED_ON, judge(open, TierName.SEMANTIC_CACHE, 1));
  }

  @Test
  void theLargeModelsOwnAnswersNeedNoThreshold() {
    for (Gate gate : new Gate[] {new Gate.Open(STUDENT_AT_90, "c"), new Gate.Shut("alarm")}) {
      assertEquals(Verdict.ACCEPTED, judge(gate, TierName.EXACT_CACHE, 0));
      assertEquals(Verdict.ACCEPTED, judge(gate, TierName.LARGE, 0));
    }
  }

  @Test
  void observingAcceptsTheLargeModelAlone() {
    Gate observe = new Gate.Observe(STUDENT_AT_90);
    assertEquals(Verdict.ACCEPTED, judge(observe, TierName.LARGE, 0.1));
    assertEquals(Verdict.WOULD_ACCEPT, judge(observe, TierName.EXACT_CACHE, 1));
    assertEquals(Verdict.WOULD_ACCEPT, judge(observe, TierName.STUDENT, 0.9));
    assertEquals(Verdict.PASSED_ON, judge(observe, TierName.STUDENT, 0.89));
  }

  @Test
  void aShutGatePassesTheStudentOnHoweverSureItIs() {
    assertEquals(Verdict.PASSED_ON, judge(new Gate.Shut("alarm"), TierName.STUDENT, 1));
  }

  @Test
  void refusesAThresholdThatNobodyWouldLookAt() {
    assertEquals(
        "thresholds.exact-cache: its answers are the large model's own; leave it out",
        assertThrows(
                InvalidValueException.class,
                () -> new Thresholds(Map.of(TierName.EXACT_CACHE, Confidence.FULL)))
            .getMessage());
  }

  @Property
  void moreConfidenceNeverPassesLess(
      @ForAll @DoubleRange(max = 1) double threshold,
      @ForAll @DoubleRange(max = 1) double one,
      @ForAll @DoubleRange(max = 1) double other) {
    Thresholds thresholds = Thresholds.student(new Confidence(threshold));
    for (Gate gate :
        new Gate[] {
          new Gate.Open(thresholds, "c"), new Gate.Observe(thresholds), new Gate.Shut("alarm")
        }) {
      for (TierName tier : TierName.values()) {
        boolean less = judge(gate, tier, Math.min(one, other)) != Verdict.PASSED_ON;
        boolean more = judge(gate, tier, Math.max(one, other)) != Verdict.PASSED_ON;
        assertTrue(more || !less);
      }
    }
  }

  @Property
  void aStricterThresholdNeverPassesMore(
      @ForAll @DoubleRange(max = 1) double confidence,
      @ForAll @DoubleRange(max = 1) double one,
      @ForAll @DoubleRange(max = 1) double other) {
    boolean strict = passes(Math.max(one, other), confidence);
    boolean lax = passes(Math.min(one, other), confidence);
    assertTrue(lax || !strict);
  }

  private static boolean passes(double threshold, double confidence) {
    return Thresholds.student(new Confidence(threshold))
        .pass(TierName.STUDENT, new Confidence(confidence));
  }
}
