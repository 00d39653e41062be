package io.tierwise.router.contract;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Certifies the threshold of a router between two models: "quality is at most ε below always asking
 * the strong one, at confidence 1−δ". The loss of a prompt at threshold λ is {@link
 * JudgedChoice#loss} where the router's confidence reaches λ and 0 elsewhere, so it only grows as λ
 * falls, and prompts on which the weak model is the better one make up for nothing.
 *
 * <p>The test is {@link Certifier}'s fixed sequence, with the exact binomial tail where every loss
 * is 0 or 1 and {@link HoeffdingBentkus} where it is not. Which of the two is decided by the kind
 * of loss and not by what comes out.
 */
public final class ChoiceCertifier {
  private ChoiceCertifier() {}

  /** How losses come. */
  public enum Losses {
    /** Right or wrong: 0 or 1. */
    BINARY,
    /** Differences of scores, anywhere in [0, 1]. */
    GRADED
  }

  /**
   * @param testIndex j, from 1: how many tests the task has spent, this one included
   * @param grid thresholds, fixed without looking at {@code choices}
   * @param choices a uniform sample of traffic, none used to train or calibrate the router
   * @return with the certificate's {@code losses} rounded up to whole ones
   */
  public static Certification certify(
      Contract contract, int testIndex, Losses kind, double[] grid, List<JudgedChoice> choices) {
    int n = choices.size();
    int needed = contract.fewestSamples(testIndex);
    if (n < needed) {
      return new Certification.Withheld("too few judged prompts", testIndex, n, needed);
    }
    requireKind(kind, choices);
    double level = contract.spend(testIndex);
    Certification last =
        new Certification.Withheld(
            "even the strictest threshold loses too much", testIndex, n, needed);
    for (double threshold : strictToLax(grid)) {
      Tally tally = Tally.at(threshold, choices);
      double pValue = pValue(kind, tally.lost(), n, contract.epsilon());
      if (pValue > level) {
        break;
      }
      last =
          tally.chosen() == 0
              ? new Certification.Withheld(
                  "no prompt reaches a threshold that holds", testIndex, n, needed)
              : new Certification.Certified(
                  new Certificate(
                      contract,
                      testIndex,
                      level,
                      n,
                      whole(tally.lost()),
                      pValue,
                      (double) tally.chosen() / n,
                      new Thresholds(Map.of(TierName.WEAK, new Confidence(threshold)))));
    }
    return last;
  }

  private static double pValue(Losses kind, double lost, int n, double epsilon) {
    return switch (kind) {
      case BINARY -> BinomialTail.atMost(whole(lost), n, epsilon);
      case GRADED -> HoeffdingBentkus.pValue(lost, n, epsilon);
    };
  }

  private static int whole(double lost) {
    return (int) Math.ceil(lost - 1e-9);
  }

  private static double[] strictToLax(double[] grid) {
    double[] ascending = Arrays.stream(grid).distinct().sorted().toArray();
    double[] descending = new double[ascending.length];
    for (int i = 0; i < ascending.length; i++) {
      descending[i] = ascending[ascending.length - 1 - i];
    }
    return descending;
  }

  private static void requireKind(Losses kind, List<JudgedChoice> choices) {
    for (int i = 0; i < choices.size(); i++) {
      double loss = choices.get(i).loss();
      if (kind == Losses.BINARY && loss != 0 && loss != 1) {
        throw new InvalidValueException(
            "choices[" + i + "].loss", loss + " is neither 0 nor 1", "test it as graded");
      }
    }
  }

  /** How many prompts go to the weak model at a threshold, and what that loses together. */
  private record Tally(int chosen, double lost) {
    static Tally at(double threshold, List<JudgedChoice> choices) {
      Confidence least = new Confidence(threshold);
      int chosen = 0;
      double lost = 0;
      for (JudgedChoice choice : choices) {
        if (choice.confidence().reaches(least)) {
          chosen++;
          lost += choice.loss();
        }
      }
      return new Tally(chosen, lost);
    }
  }
}
