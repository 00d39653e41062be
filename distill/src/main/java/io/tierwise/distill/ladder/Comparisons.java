package io.tierwise.distill.ladder;

import io.tierwise.distill.ladder.Recipe.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Paired comparisons on one test set, over all seeds. */
public final class Comparisons {
  private static final double NORMAL_95 = 1.959963984540054;

  private Comparisons() {}

  /**
   * How much more often one is right than another.
   *
   * @param mean over test examples and seeds
   * @param lower of the 95 % interval over test examples
   * @param upper of it
   */
  public record Difference(double mean, double lower, double upper) {}

  /** A recipe's claim, as measured. */
  public record Shown(String better, String than, Difference difference) {
    /** As a sentence. */
    String sentence() {
      return String.format(
          Locale.ROOT,
          "%s is %.2f points %s than %s (95 %%: %.2f to %.2f).",
          better,
          100 * Math.abs(difference.mean()),
          difference.mean() < 0 ? "worse" : "better",
          than,
          100 * difference.lower(),
          100 * difference.upper());
    }
  }

  static List<Shown> of(List<Comparison> comparisons, Map<String, List<boolean[]>> right) {
    List<Shown> shown = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      shown.add(
          new Shown(
              comparison.better(),
              comparison.than(),
              difference(
                  Objects.requireNonNull(right.get(comparison.better())),
                  Objects.requireNonNull(right.get(comparison.than())))));
    }
    return shown;
  }

  static double share(boolean[] right) {
    int count = 0;
    for (boolean each : right) {
      count += each ? 1 : 0;
    }
    return (double) count / right.length;
  }

  /**
   * The first's accuracy less the second's. The seeds share the test examples, so an example's
   * difference is its mean over the seeds, and the interval is of the mean over examples.
   *
   * @param first [seeds][examples]
   * @param second [seeds][examples]
   */
  static Difference difference(List<boolean[]> first, List<boolean[]> second) {
    int examples = first.getFirst().length;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < examples; i++) {
      double difference = 0;
      for (int seed = 0; seed < first.size(); seed++) {
        difference += (first.get(seed)[i] ? 1 : 0) - (second.get(seed)[i] ? 1 : 0);
      }
      difference /= first.size();
      sum += difference;
      squares += difference * difference;
    }
    double mean = sum / examples;
    double variance = Math.max(0, squares / examples - mean * mean);
    double margin = NORMAL_95 * Math.sqrt(variance / examples);
    return new Difference(mean, mean - margin, mean + margin);
  }
}
