package io.tierwise.distill.cycle;

import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.ThresholdPath;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.tier.TierName;
import java.util.List;

/**
 * What students would save of a large call's cost, a request: with p the share that any of them
 * answers, p₁ the first one's, and c their passes' costs in large calls, p − c₁ − (1 − p₁) c₂. It
 * is the planner's economics: the second is asked only where the first has passed on.
 *
 * <p>It is read at risks around ε, for at ε alone a few answers decide.
 *
 * @param first c₁
 * @param second c₂; of no account to a student alone
 */
record Saving(double epsilon, double first, double second) {
  private static final double[] AROUND = {0.5, 1, 2};

  /**
   * @param path strict to lax; the laxest step before one of too much risk counts
   * @param samples that none of the students learned from
   */
  double of(ThresholdPath path, List<AuditSample> samples) {
    double sum = 0;
    for (double around : AROUND) {
      sum += atRisk(around * epsilon, path, samples) / AROUND.length;
    }
    return sum;
  }

  private double atRisk(double risk, ThresholdPath path, List<AuditSample> samples) {
    Thresholds within = Thresholds.NONE;
    for (Thresholds step : path.steps()) {
      long lost = samples.stream().filter(sample -> sample.lost(step)).count();
      if (lost > risk * samples.size()) {
        break;
      }
      within = step;
    }
    return at(within, samples);
  }

  private double at(Thresholds step, List<AuditSample> samples) {
    long answered = samples.stream().filter(sample -> sample.covered(step)).count();
    if (answered == 0) {
      return 0;
    }
    boolean line = step.of(TierName.SECOND_STUDENT).isPresent();
    double passedOn = 1 - share(answeredByFirst(step, samples), samples);
    return share(answered, samples) - first - (line ? passedOn * second : 0);
  }

  private static long answeredByFirst(Thresholds step, List<AuditSample> samples) {
    return samples.stream()
        .map(sample -> sample.proposals().get(TierName.STUDENT))
        .filter(first -> first != null && step.pass(TierName.STUDENT, first.confidence()))
        .count();
  }

  private static double share(long some, List<AuditSample> samples) {
    return (double) some / samples.size();
  }
}
