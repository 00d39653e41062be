package io.tierwise.router.contract;

import java.util.List;

/**
 * Certifies thresholds by fixed-sequence testing: Learn then Test (Angelopoulos, Bates, Candès,
 * Jordan, Lei; 2021) with exact p-values, those of {@link OrderedTail}.
 *
 * <p>H_λ is "R(λ) > ε". The path is walked from strict to lax at the full level δ_j; the walk stops
 * at the first H_λ not rejected, and the last rejected one is certified. No multiplicity correction
 * is due: a later hypothesis is only looked at when all before it were rejected, so the first true
 * one is a single test at δ_j. Losses only join along the path, so p-values only grow: where the
 * walk begins makes no difference, and every p-value beyond where it stops is above the level too.
 */
public final class Certifier {
  private Certifier() {}

  /**
   * @param testIndex j, from 1: how many tests the task has spent, this one included
   * @param path fixed without looking at {@code samples}
   * @param samples the calibration set: a uniform sample of traffic, none used in training, in the
   *     order in which they were audited or another that knows nothing of who is right
   */
  public static Certification certify(
      Contract contract, int testIndex, ThresholdPath path, List<AuditSample> samples) {
    int n = samples.size();
    int needed = contract.fewestSamples(testIndex);
    if (n < needed) {
      return new Certification.Withheld("too few audit samples", testIndex, n, needed);
    }
    double level = contract.spend(testIndex);
    Losses losses = Losses.along(path, samples);
    int passed = 0;
    while (passed < losses.steps() && losses.pValue(passed, contract.epsilon()) <= level) {
      passed++;
    }
    if (passed == 0) {
      return new Certification.Withheld(
          "even the strictest thresholds disagree too often", testIndex, n, needed);
    }
    int last = passed - 1;
    Thresholds thresholds = path.steps().get(last);
    int covered = (int) samples.stream().filter(sample -> sample.covered(thresholds)).count();
    if (covered == 0) {
      return new Certification.Withheld(
          "no candidate reaches a threshold that holds", testIndex, n, needed);
    }
    return new Certification.Certified(
        new Certificate(
            contract,
            testIndex,
            level,
            n,
            losses.counts()[last],
            losses.pValue(last, contract.epsilon()),
            (double) covered / n,
            thresholds));
  }

  /**
   * The losses at each step of a path.
   *
   * @param counts k
   * @param last m: the place of the last of them, from 1; 0 where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // made and read here, never compared
  private record Losses(int samples, int[] counts, int[] last) {
    /**
     * A sample lost at one step is lost at every laxer one, so its first is found by bisection, and
     * counts and places are gathered along the path.
     */
    static Losses along(ThresholdPath path, List<AuditSample> samples) {
      int[] counts = new int[path.steps().size()];
      int[] last = new int[counts.length];
      for (int place = 1; place <= samples.size(); place++) {
        int first = firstLost(path, samples.get(place - 1));
        if (first < counts.length) {
          counts[first]++;
          last[first] = place;
        }
      }
      for (int step = 1; step < counts.length; step++) {
        counts[step] += counts[step - 1];
        last[step] = Math.max(last[step], last[step - 1]);
      }
      return new Losses(samples.size(), counts, last);
    }

    private static int firstLost(ThresholdPath path, AuditSample sample) {
      int from = 0;
      int to = path.steps().size();
      while (from < to) {
        int middle = (from + to) >>> 1;
        if (sample.lost(path.steps().get(middle))) {
          to = middle;
        } else {
          from = middle + 1;
        }
      }
      return from;
    }

    int steps() {
      return counts.length;
    }

    double pValue(int step, double epsilon) {
      return OrderedTail.atMost(counts[step], last[step], samples, epsilon);
    }
  }
}
