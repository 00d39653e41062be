package io.tierwise.router.confidence;

import io.tierwise.router.InvalidValueException;

/** What a model says of a text: one number per label, the greatest for the label it gives. */
final class Logits {
  private Logits() {}

  /** Checks rows of logits and, for each row, the index of the large model's label. */
  static void requireLabelled(double[][] logits, int[] references) {
    if (logits.length == 0) {
      throw new InvalidValueException("logits", "there are none", "give at least one row");
    }
    if (logits.length != references.length) {
      throw new InvalidValueException(
          "references",
          references.length + " of them for " + logits.length + " rows",
          "give one per row");
    }
    for (int row = 0; row < logits.length; row++) {
      requireFinite("logits[" + row + "]", logits[row]);
      if (logits[row].length != logits[0].length) {
        throw new InvalidValueException(
            "logits[" + row + "]",
            logits[row].length + " numbers after rows of " + logits[0].length,
            "give one per label in every row");
      }
      if (references[row] < 0 || references[row] >= logits[row].length) {
        throw new InvalidValueException(
            "references[" + row + "]",
            references[row] + " is no label's index",
            "give 0 to " + (logits[row].length - 1));
      }
    }
  }

  static double[] requireFinite(String field, double[] logits) {
    if (logits.length == 0) {
      throw new InvalidValueException(field, "it is empty", "give one number per label");
    }
    for (double logit : logits) {
      if (!Double.isFinite(logit)) {
        throw new InvalidValueException(field, logit + " is not finite", "give finite numbers");
      }
    }
    return logits;
  }

  /** Index of the greatest; the first of them when several are equal. */
  static int top(double[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }
}
