package io.tierwise.bench.guarantee;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Thresholds;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Requests of which it is known how sure a student is and how likely it is to disagree, so that the
 * true risk and coverage of every threshold are known.
 */
final class Population {
  private static final List<Thresholds> STEPS = ConfidenceGrid.path().steps();

  private final double[] disagrees;
  private final AuditSample[] right;
  private final AuditSample[] wrong;
  private final double[] risks = new double[STEPS.size()];
  private final double[] coverages = new double[STEPS.size()];

  /**
   * @param confidences of the student's candidates
   * @param disagrees how likely each is to differ from the reference: 0 or 1 where it is known
   */
  Population(double[] confidences, double[] disagrees) {
    this.disagrees = disagrees.clone();
    this.right = new AuditSample[confidences.length];
    this.wrong = new AuditSample[confidences.length];
    for (int i = 0; i < confidences.length; i++) {
      right[i] = AuditSample.student(new Confidence(confidences[i]), true);
      wrong[i] = AuditSample.student(new Confidence(confidences[i]), false);
      int first = firstCovering(right[i]);
      for (int step = first; step < STEPS.size(); step++) {
        risks[step] += disagrees[i] / confidences.length;
        coverages[step] += 1.0 / confidences.length;
      }
    }
  }

  /**
   * A made-up one: log-odds of confidences are normal, and what a confidence leaves out is met by a
   * share of disagreements that is off by a factor, as with a student that is too sure or too shy.
   */
  static Population simulated(RandomGenerator random, int size) {
    double centre = random.nextDouble(0.5, 3);
    double width = random.nextDouble(1, 2.5);
    double factor = random.nextDouble(0.5, 2);
    double[] confidences = new double[size];
    double[] disagrees = new double[size];
    for (int i = 0; i < size; i++) {
      confidences[i] = 1 / (1 + Math.exp(-(centre + width * random.nextGaussian())));
      disagrees[i] = Math.min(1, factor * (1 - confidences[i]));
    }
    return new Population(confidences, disagrees);
  }

  /** Audits drawn at random, with replacement. */
  List<AuditSample> draw(int audits, RandomGenerator random) {
    List<AuditSample> samples = new ArrayList<>(audits);
    for (int i = 0; i < audits; i++) {
      int which = random.nextInt(right.length);
      samples.add(random.nextDouble() < disagrees[which] ? wrong[which] : right[which]);
    }
    return samples;
  }

  /** The laxest step whose true risk is at most ε; −1 where there is none. */
  int oracle(double epsilon) {
    int last = -1;
    // Sums of millionths: the last of them may not decide what is an exact ε.
    while (last + 1 < risks.length && risks[last + 1] <= epsilon + 1e-12) {
      last++;
    }
    return last;
  }

  double risk(int step) {
    return step < 0 ? 0 : risks[step];
  }

  double coverage(int step) {
    return step < 0 ? 0 : coverages[step];
  }

  private static int firstCovering(AuditSample sample) {
    int from = 0;
    int to = STEPS.size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sample.covered(STEPS.get(middle))) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }
}
