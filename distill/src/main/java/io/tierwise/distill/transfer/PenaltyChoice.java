package io.tierwise.distill.transfer;

import io.tierwise.distill.Progress;
import io.tierwise.distill.train.SoftmaxRegression;
import io.tierwise.router.InvalidValueException;
import java.util.ArrayList;
import java.util.List;

/** Which penalty serves a head best, by examples held out of its training. */
final class PenaltyChoice {
  /** Every so manieth example is held out. */
  private static final int HELD_OUT = 10;

  private PenaltyChoice() {}

  /** The penalty with most right answers; of equals, the first. */
  static float best(
      SoftmaxRegression.Spec fit,
      List<Float> penalties,
      List<float[]> features,
      List<float[]> targets,
      Progress progress) {
    if (penalties.isEmpty()) {
      throw new InvalidValueException("penalties", "there are none", "give at least one");
    }
    if (penalties.size() == 1 || features.size() < HELD_OUT) {
      return penalties.getFirst();
    }
    float best = penalties.getFirst();
    int most = -1;
    for (int i = 0; i < penalties.size(); i++) {
      int right = right(fit.with(penalties.get(i)), features, targets);
      if (right > most) {
        most = right;
        best = penalties.get(i);
      }
      progress.report("choosing a penalty", i + 1L, penalties.size());
    }
    return best;
  }

  private static int right(
      SoftmaxRegression.Spec fit, List<float[]> features, List<float[]> targets) {
    List<float[]> seen = new ArrayList<>();
    List<float[]> answers = new ArrayList<>();
    for (int i = 0; i < features.size(); i++) {
      if (i % HELD_OUT != 0) {
        seen.add(features.get(i));
        answers.add(targets.get(i));
      }
    }
    SoftmaxRegression head = SoftmaxRegression.fit(fit, seen, answers);
    int right = 0;
    for (int i = 0; i < features.size(); i += HELD_OUT) {
      right += top(head.probabilities(features.get(i))) == top(targets.get(i)) ? 1 : 0;
    }
    return right;
  }

  private static int top(float[] values) {
    int best = 0;
    for (int k = 1; k < values.length; k++) {
      if (values[k] > values[best]) {
        best = k;
      }
    }
    return best;
  }
}
