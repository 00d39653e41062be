package io.tierwise.gateway.tier;

import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Recognizes a task's labels in what a model wrote. Never guesses. */
final class Labels {
  private static final String QUOTES = "\"'`“”‘’«»*";

  /** Models report in single precision, and a sum of rounded shares may pass 1. */
  private static final double ROUNDING = 1e-3;

  private Labels() {}

  /**
   * The label that a model's words are: the words without surrounding white space and quotes,
   * exactly or, where only one label is meant, in another case.
   */
  static Optional<Label> read(Task.Classification task, String words) {
    String bare = unquoted(words);
    Optional<Label> exact =
        task.labels().stream().filter(label -> label.value().equals(bare)).findFirst();
    if (exact.isPresent()) {
      return exact;
    }
    List<Label> close =
        task.labels().stream().filter(label -> label.value().equalsIgnoreCase(bare)).toList();
    return close.size() == 1 ? Optional.of(close.getFirst()) : Optional.empty();
  }

  /**
   * The distribution over the task's labels with these weights, scaled to sum to 1; all weight on
   * the answer where the weights are none, or are of other labels than the task's.
   */
  static Distribution distribution(
      Task.Classification task, Label answer, Map<Label, Double> weights) {
    double[] probabilities = new double[task.labels().size()];
    for (Map.Entry<Label, Double> weight : weights.entrySet()) {
      int index = task.indexOf(weight.getKey());
      double value = weight.getValue();
      if (index < 0 || !(value >= 0 && value <= 1 + ROUNDING)) {
        return Distribution.certain(answer);
      }
      probabilities[index] = value;
    }
    double sum = Arrays.stream(probabilities).sum();
    if (!(sum > 0 && probabilities[task.indexOf(answer)] > 0)) {
      return Distribution.certain(answer);
    }
    return Distribution.of(
        task.labels(), Arrays.stream(probabilities).map(each -> each / sum).toArray());
  }

  private static String unquoted(String words) {
    String bare = words.strip();
    int from = 0;
    int to = bare.length();
    while (from < to && QUOTES.indexOf(bare.charAt(from)) >= 0) {
      from++;
    }
    while (to > from && QUOTES.indexOf(bare.charAt(to - 1)) >= 0) {
      to--;
    }
    // A label may itself carry quotes, so they only go in pairs of equal length.
    return from == bare.length() - to ? bare.substring(from, to).strip() : bare;
  }
}
