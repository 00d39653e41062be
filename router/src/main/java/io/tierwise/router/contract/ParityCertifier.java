package io.tierwise.router.contract;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;
import java.util.List;
import java.util.Map;

/**
 * Certifies a threshold under which answers are right no less often than the large model's alone,
 * by what people said of a uniform sample.
 *
 * <p>What is passed on is answered alike, and so is what both have right or both have wrong. So of
 * all requests those decide that a cheap answer is given to and that exactly one of the two has
 * right; H_λ is "of these, the cheap one is wrong in more than half". With k of m wrong its p-value
 * is P(Bin(m, ½) ≤ k): the exact sign test of paired outcomes (McNemar: Note on the sampling error
 * of the difference between correlated proportions or percentages, 1947), which holds given m.
 * Rejecting H_λ at λ proves that accuracy is no lower.
 *
 * <p>The thresholds are walked from strict to lax at the full level, as in {@link Certifier}, from
 * where a sample of its own, that proves nothing, shows the clearest advantage: at the strictest
 * ones both are right and nothing can be shown.
 */
public final class ParityCertifier {
  private static final double HALF = 0.5;

  private ParityCertifier() {}

  /**
   * @param delta 1 − the confidence of the whole life of the task, of which the test spends its
   *     part
   * @param testIndex j, from 1
   * @param grid thresholds, from strict to lax
   * @param scouts a sample that the student did not see, which decides where the walk begins
   * @param judged another one, on which it is walked
   */
  public static Certification certify(
      double delta,
      int testIndex,
      List<Confidence> grid,
      List<JudgedAnswer> scouts,
      List<JudgedAnswer> judged) {
    if (grid.isEmpty()) {
      throw new InvalidValueException("grid", "it has no threshold", "give at least one");
    }
    Contract contract = new Contract(HALF, delta);
    int needed = contract.fewestSamples(testIndex);
    double level = contract.spend(testIndex);
    Certification last =
        new Certification.Withheld(
            "no threshold is proven to cost no accuracy", testIndex, judged.size(), needed);
    for (Confidence threshold : grid.subList(beginning(grid, scouts), grid.size())) {
      Score score = Score.at(threshold, judged);
      if (score.pValue() > level) {
        break;
      }
      last =
          new Certification.Certified(
              new Certificate(
                  contract,
                  testIndex,
                  level,
                  score.discordant(),
                  score.wrong(),
                  score.pValue(),
                  (double) score.answered() / judged.size(),
                  new Thresholds(Map.of(TierName.STUDENT, threshold))));
    }
    return last;
  }

  /** The threshold with the smallest p-value; of equals the strictest. */
  private static int beginning(List<Confidence> grid, List<JudgedAnswer> scouts) {
    int best = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < grid.size(); i++) {
      double pValue = Score.at(grid.get(i), scouts).pValue();
      if (pValue < least) {
        least = pValue;
        best = i;
      }
    }
    return best;
  }

  /**
   * What a threshold comes to.
   *
   * @param answered requests that pass it
   * @param discordant m
   * @param wrong k
   */
  private record Score(int answered, int discordant, int wrong) {
    static Score at(Confidence threshold, List<JudgedAnswer> judged) {
      int answered = 0;
      int discordant = 0;
      int wrong = 0;
      for (JudgedAnswer each : judged) {
        if (each.confidence().reaches(threshold)) {
          answered++;
          discordant += each.discordant() ? 1 : 0;
          wrong += each.discordant() && !each.right() ? 1 : 0;
        }
      }
      return new Score(answered, discordant, wrong);
    }

    double pValue() {
      return discordant == 0 ? 1 : BinomialTail.atMost(wrong, discordant, HALF);
    }
  }
}
