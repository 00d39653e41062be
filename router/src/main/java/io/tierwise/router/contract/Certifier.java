package io.tierwise.router.contract;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Certifies thresholds by fixed-sequence testing: Learn then Test (Angelopoulos, Bates, Candès,
 * Jordan, Lei; 2021) with exact binomial p-values.
 *
 * <p>H_λ is "R(λ) > ε". With k losses among n samples its p-value is P(Bin(n, ε) ≤ k). The path is
 * walked from strict to lax at the full level δ_j; the walk stops at the first H_λ not rejected,
 * and the last rejected one is certified. No multiplicity correction is due: a later hypothesis is
 * only looked at when all before it were rejected, so the first true one is a single test at δ_j.
 */
public final class Certifier {
  private Certifier() {}

  /**
   * @param testIndex j, from 1: how many tests the task has spent, this one included
   * @param path fixed without looking at {@code samples}
   * @param samples the calibration set: a uniform sample of traffic, none used in training
   */
  public static Certification certify(
      Contract contract, int testIndex, ThresholdPath path, List<AuditSample> samples) {
    int n = samples.size();
    int needed = contract.fewestSamples(testIndex);
    if (n < needed) {
      return new Certification.Withheld("too few audit samples", testIndex, n, needed);
    }
    double level = contract.spend(testIndex);
    int[] lost = cumulated(path, samples, AuditSample::lost);
    int[] counted = counted(contract, path, samples);
    int first = firstProvable(counted, needed);
    int passed = first;
    while (passed < lost.length
        && BinomialTail.atMost(lost[passed], counted[passed], contract.epsilon()) <= level) {
      passed++;
    }
    if (passed == first) {
      return new Certification.Withheld(
          "even the strictest thresholds disagree too often", testIndex, n, needed);
    }
    int last = passed - 1;
    int covered = cumulated(path, samples, AuditSample::covered)[last];
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
            lost[last],
            BinomialTail.atMost(lost[last], counted[last], contract.epsilon()),
            (double) covered / n,
            path.steps().get(last)));
  }

  /** At each step, how many samples the share is of: all, or those that a cheap tier answers. */
  private static int[] counted(Contract contract, ThresholdPath path, List<AuditSample> samples) {
    return switch (contract.over()) {
      case ACCEPTED -> cumulated(path, samples, AuditSample::covered);
      case ALL -> {
        int[] all = new int[path.steps().size()];
        Arrays.fill(all, samples.size());
        yield all;
      }
    };
  }

  /**
   * Where the walk begins: a step at which fewer are answered than could prove anything would end
   * it. Whether they agree is not looked at, so given who is answered each test keeps its level.
   */
  private static int firstProvable(int[] counted, int needed) {
    int first = 0;
    while (first < counted.length && counted[first] < needed) {
      first++;
    }
    return first;
  }

  /**
   * How many samples are hit at each step. A sample hit at one step is hit at every laxer one, so
   * its first is found by bisection and the counts are summed along the path.
   */
  private static int[] cumulated(
      ThresholdPath path, List<AuditSample> samples, BiPredicate<AuditSample, Thresholds> hit) {
    List<Thresholds> steps = path.steps();
    int[] counts = new int[steps.size()];
    for (AuditSample sample : samples) {
      int from = 0;
      int to = counts.length;
      while (from < to) {
        int middle = (from + to) >>> 1;
        if (hit.test(sample, steps.get(middle))) {
          to = middle;
        } else {
          from = middle + 1;
        }
      }
      if (from < counts.length) {
        counts[from]++;
      }
    }
    for (int step = 1; step < counts.length; step++) {
      counts[step] += counts[step - 1];
    }
    return counts;
  }
}
