package io.tierwise.bench.win;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How well a router spends calls to the strong model, as RouteLLM defines it (Ong and others:
 * RouteLLM: Learning to Route LLMs with Preference Data, 2024; thresholds as in the evaluation
 * published with it). At eleven thresholds, the deciles of the router's own scores, the share of
 * prompts sent to the strong model and the mean score of all answers make a curve.
 *
 * @param apgr the area between the curve and the weak model's mean, as a share of the same area
 *     under the strong model's mean: 0.5 for a router that draws lots
 * @param cpt50 the percentage of calls at which half of the gap between the models is closed
 * @param cpt80 the same for 80 % of it
 */
public record Routing(double apgr, double cpt50, double cpt80) {
  private static final int BINS = 10;

  /**
   * @param gains the router's scores: the larger, the sooner a prompt goes to the strong model
   * @param strong the strong model's score for each prompt
   * @param weak the weak model's
   */
  public static Routing of(double[] gains, double[] strong, double[] weak) {
    double strongMean = mean(strong);
    double weakMean = mean(weak);
    double[] sorted = Arrays.stream(gains).sorted().toArray();
    double[] shares = new double[BINS + 1];
    double[] scores = new double[BINS + 1];
    // From the laxest threshold on the weak model down, so that the shares of strong calls rise.
    for (int i = 0; i <= BINS; i++) {
      double threshold = quantile(sorted, (BINS - i) / (double) BINS);
      boolean none = i == 0;
      boolean[] chosen = new boolean[gains.length];
      for (int j = 0; j < gains.length; j++) {
        chosen[j] = none ? gains[j] > threshold : gains[j] >= threshold;
      }
      shares[i] =
          IntStream.range(0, gains.length).filter(j -> chosen[j]).count() / (double) gains.length;
      scores[i] =
          IntStream.range(0, gains.length).mapToDouble(j -> chosen[j] ? strong[j] : weak[j]).sum()
              / gains.length;
    }
    double area = 0;
    for (int i = 1; i <= BINS; i++) {
      area += (shares[i] - shares[i - 1]) * (scores[i] + scores[i - 1]) / 2;
    }
    double gap = strongMean - weakMean;
    return new Routing(
        (area - weakMean) / gap,
        100 * calls(shares, scores, weakMean + 0.5 * gap),
        100 * calls(shares, scores, weakMean + 0.8 * gap));
  }

  /** Where the curve first reaches a score; between thresholds it is a straight line. */
  private static double calls(double[] shares, double[] scores, double wanted) {
    for (int i = 0; i < shares.length; i++) {
      if (scores[i] >= wanted) {
        return i == 0
            ? shares[0]
            : shares[i - 1]
                + (shares[i] - shares[i - 1])
                    * (wanted - scores[i - 1])
                    / (scores[i] - scores[i - 1]);
      }
    }
    return 1;
  }

  /** With straight lines between the order statistics. */
  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(sorted.length - 1, below + 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }
}
