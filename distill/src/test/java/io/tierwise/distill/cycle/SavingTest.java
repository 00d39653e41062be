package io.tierwise.distill.cycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.contract.ThresholdPath;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SavingTest {
  /** Both must be this sure. */
  private static Thresholds both(double threshold) {
    return new Thresholds(
        Map.of(
            TierName.STUDENT, new Confidence(threshold),
            TierName.SECOND_STUDENT, new Confidence(threshold)));
  }

  private static Scored scored(double confidence, boolean agrees) {
    return new Scored(new Confidence(confidence), agrees);
  }

  private static List<AuditSample> times(int count, Scored first, Scored second) {
    return Collections.nCopies(
        count, new AuditSample(Map.of(TierName.STUDENT, first, TierName.SECOND_STUDENT, second)));
  }

  /** Seven are answered without a loss, four of them by the first; then two by the first, wrong. */
  private static List<AuditSample> ten() {
    List<AuditSample> samples = new ArrayList<>();
    samples.addAll(times(4, scored(0.95, true), scored(0.95, true)));
    samples.addAll(times(3, scored(0.3, true), scored(0.95, true)));
    samples.addAll(times(2, scored(0.6, false), scored(0.4, true)));
    samples.addAll(times(1, scored(0.1, false), scored(0.1, false)));
    return samples;
  }

  @Test
  void paysTheSecondOnlyWhereTheFirstPassesOn() {
    ThresholdPath path = new ThresholdPath(List.of(both(0.9), both(0.5)));
    // Risk 0.1 stops at the first step: 0.7 − 0.01 − 0.6 · 0.05 = 0.66; risks 0.2 and 0.4 hold at
    // the second: 0.9 − 0.01 − 0.4 · 0.05 = 0.87.
    assertEquals((0.66 + 0.87 + 0.87) / 3, new Saving(0.2, 0.01, 0.05).of(path, ten()), 1e-12);
  }

  @Test
  void aStudentAlonePaysItsOwnPassAlone() {
    ThresholdPath path = ThresholdPath.student(new double[] {0.9, 0.5});
    // Four at risk 0.1, six at the others.
    assertEquals((0.39 + 0.59 + 0.59) / 3, new Saving(0.2, 0.01, 0.05).of(path, ten()), 1e-12);
  }

  @Test
  void whatAnswersNothingIsNotAskedAndCostsNothing() {
    ThresholdPath path = new ThresholdPath(List.of(both(0.99)));
    assertEquals(0, new Saving(0.2, 0.01, 0.05).of(path, ten()));
  }
}
