package io.tierwise.router.request;

import io.tierwise.router.InvalidValueException;
import java.util.Arrays;
import java.util.List;

/**
 * A probability for every label of a task, in the task's order of labels. Immutable; the
 * probabilities are at least 0 and sum to 1 within 1e-3 (models answer in single precision).
 */
public final class Distribution {
  private static final double SUM_TOLERANCE = 1e-3;

  private final List<Label> labels;
  private final double[] probabilities;

  private Distribution(List<Label> labels, double[] probabilities) {
    this.labels = labels;
    this.probabilities = probabilities;
  }

  public static Distribution of(List<Label> labels, double[] probabilities) {
    if (labels.size() != probabilities.length) {
      throw new InvalidValueException(
          "distribution",
          probabilities.length + " probabilities for " + labels.size() + " labels",
          "give one probability per label");
    }
    double sum = 0;
    for (double probability : probabilities) {
      if (!(probability >= 0)) {
        throw new InvalidValueException(
            "distribution", probability + " is no probability", "give numbers of at least 0");
      }
      sum += probability;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new InvalidValueException(
          "distribution", "the probabilities sum to " + sum, "make them sum to 1");
    }
    return new Distribution(List.copyOf(labels), probabilities.clone());
  }

  /** All weight on one label: what a model that reports no probabilities has said. */
  public static Distribution certain(Label label) {
    return new Distribution(List.of(label), new double[] {1});
  }

  public List<Label> labels() {
    return labels;
  }

  public double probability(int index) {
    return probabilities[index];
  }

  public double[] toArray() {
    return probabilities.clone();
  }

  /** Index of the most probable label; the first of them when several are equal. */
  public int top() {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Distribution that
        && labels.equals(that.labels)
        && Arrays.equals(probabilities, that.probabilities);
  }

  @Override
  public int hashCode() {
    return 31 * labels.hashCode() + Arrays.hashCode(probabilities);
  }

  @Override
  public String toString() {
    return labels.get(top()) + "@" + probabilities[top()];
  }
}
