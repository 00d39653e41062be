package io.tierwise.router.contract;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * Certifies thresholds by fixed-sequence testing: Learn then Test (Angelopoulos, Bates, Candès,
 * Jordan, Lei; 2021) with exact p-values, those of {@link OrderedTail}.
 *
 * <p>H_λ is "R(λ) > ε". The path is walked from strict to lax at the full level δ_j; the walk stops
 * at the first H_λ not rejected, and the last rejected one is certified. No multiplicity correction
 * is due: a later hypothesis is only looked at when all before it were rejected, so the first true
 * one is a single test at δ_j. Losses only join along the path, so p-values only grow: where the
 * walk begins makes no difference, and every p-value beyond where it stops is above the level too.
 *
 * <p>In a contract over the cheap tiers' answers the samples that count are others at each step, so
 * there the p-values are plain binomial ones of those that are answered and do not only grow. The
 * walk begins at the first step at which enough are answered to prove anything, and the first
 * quarter of the samples says which; the steps are tested on the others, so that the beginning is
 * fixed without looking at what is tested.
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
    Evidence evidence =
        switch (contract.over()) {
          case ALL -> Losses.along(path, samples);
          case ACCEPTED -> Shares.along(path, samples);
        };
    int first = evidence.firstProvable(needed);
    int passed = first;
    while (passed < path.steps().size() && evidence.pValue(passed, contract.epsilon()) <= level) {
      passed++;
    }
    if (passed == first) {
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
            evidence.tested(),
            evidence.lost(last),
            evidence.pValue(last, contract.epsilon()),
            (double) covered / n,
            thresholds));
  }

  /** What the samples say of each step of a path. */
  private sealed interface Evidence {
    /** n: how many samples are tested. */
    int tested();

    /** k: how many are lost at a step. */
    int lost(int step);

    /** The p-value of "the risk at this step is above ε". */
    double pValue(int step, double epsilon);

    /**
     * Where the walk begins.
     *
     * @param needed the fewest with which a step can be proven
     */
    int firstProvable(int needed);
  }

  /**
   * The losses at each step of a path.
   *
   * @param counts k
   * @param last m: the place of the last of them, from 1; 0 where there is none
   */
  @SuppressWarnings("ArrayRecordComponent") // made and read here, never compared
  private record Losses(int samples, int[] counts, int[] last) implements Evidence {
    /**
     * A sample lost at one step is lost at every laxer one, so its first is found by bisection, and
     * counts and places are gathered along the path.
     */
    static Losses along(ThresholdPath path, List<AuditSample> samples) {
      int[] counts = new int[path.steps().size()];
      int[] last = new int[counts.length];
      for (int place = 1; place <= samples.size(); place++) {
        int first = first(path, samples.get(place - 1), AuditSample::lost);
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

    @Override
    public int tested() {
      return samples;
    }

    @Override
    public int lost(int step) {
      return counts[step];
    }

    @Override
    public double pValue(int step, double epsilon) {
      return OrderedTail.atMost(counts[step], last[step], samples, epsilon);
    }

    @Override
    public int firstProvable(int needed) {
      return 0;
    }
  }

  /**
   * The same of those that a cheap tier answers. Given how many these are at a step, its losses are
   * as of so many samples of their own.
   *
   * @param tested how many samples are looked at
   * @param counts k
   * @param answered how many of them are answered at the step
   * @param beforehand how many are answered at the step in the quarter that is not tested
   */
  @SuppressWarnings("ArrayRecordComponent") // made and read here, never compared
  private record Shares(int tested, int[] counts, int[] answered, int[] beforehand)
      implements Evidence {
    private static final int QUARTERS = 4;

    static Shares along(ThresholdPath path, List<AuditSample> samples) {
      int quarter = samples.size() / QUARTERS;
      List<AuditSample> tested = samples.subList(quarter, samples.size());
      return new Shares(
          tested.size(),
          cumulated(path, tested, AuditSample::lost),
          cumulated(path, tested, AuditSample::covered),
          cumulated(path, samples.subList(0, quarter), AuditSample::covered));
    }

    private static int[] cumulated(
        ThresholdPath path, List<AuditSample> samples, BiPredicate<AuditSample, Thresholds> hit) {
      int[] counts = new int[path.steps().size()];
      for (AuditSample sample : samples) {
        int first = first(path, sample, hit);
        if (first < counts.length) {
          counts[first]++;
        }
      }
      for (int step = 1; step < counts.length; step++) {
        counts[step] += counts[step - 1];
      }
      return counts;
    }

    @Override
    public int lost(int step) {
      return counts[step];
    }

    @Override
    public double pValue(int step, double epsilon) {
      return BinomialTail.atMost(counts[step], answered[step], epsilon);
    }

    /** A step at which fewer are answered than could prove anything would end the walk. */
    @Override
    public int firstProvable(int needed) {
      int first = 0;
      while (first < beforehand.length && (QUARTERS - 1) * beforehand[first] < needed) {
        first++;
      }
      return first;
    }
  }

  /** The first step at which a sample is hit; one hit there is hit at every laxer one. */
  private static int first(
      ThresholdPath path, AuditSample sample, BiPredicate<AuditSample, Thresholds> hit) {
    int from = 0;
    int to = path.steps().size();
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (hit.test(sample, path.steps().get(middle))) {
        to = middle;
      } else {
        from = middle + 1;
      }
    }
    return from;
  }
}
