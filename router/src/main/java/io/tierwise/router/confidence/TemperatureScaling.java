package io.tierwise.router.confidence;

import io.tierwise.router.InvalidValueException;

/**
 * One temperature for all logits: p = softmax(z / T) (Guo, Pleiss, Sun, Weinberger: On calibration
 * of modern neural networks, 2017). It never changes which label is on top.
 *
 * @param temperature T &gt; 0; above 1 it makes the model less sure
 */
public record TemperatureScaling(double temperature) implements Calibrator {
  private static final double LEAST = 1e-3;
  private static final double GREATEST = 1e3;

  /** Halves the range of ln T to 1e-13. */
  private static final int BISECTIONS = 47;

  public TemperatureScaling {
    if (!(temperature > 0 && Double.isFinite(temperature))) {
      throw new InvalidValueException(
          "temperature", temperature + " is no temperature", "give a finite number above 0");
    }
  }

  /**
   * The temperature of least negative log-likelihood, within [1e-3, 1e3]. The likelihood's targets
   * are smoothed by one example in n + 1 that is equally of every label (after Platt, 1999), so
   * that the minimum is finite also where the model is right on every row.
   *
   * <p>The function is convex in 1/T, so its derivative changes sign at most once and is bisected:
   * the same rows give the same bits, on every machine. Where every temperature is as good as
   * another, T is 1.
   *
   * @param logits n rows of one number per label, from texts the model was not trained on
   * @param references for each row, the index of the large model's label
   * @throws InvalidValueException when there is no row, or the two do not fit together
   */
  public static TemperatureScaling fit(double[][] logits, int[] references) {
    Logits.requireLabelled(logits, references);
    if (slope(logits, references, LEAST) == 0 && slope(logits, references, GREATEST) == 0) {
      return new TemperatureScaling(1);
    }
    double low = StrictMath.log(LEAST);
    double high = StrictMath.log(GREATEST);
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (slope(logits, references, StrictMath.exp(middle)) > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new TemperatureScaling(StrictMath.exp((low + high) / 2));
  }

  /**
   * The derivative in 1/T of the smoothed negative log-likelihood: the sum over the rows of the
   * logit expected under softmax(z / T) less the one expected under the target. Positive where the
   * temperature is too low.
   */
  private static double slope(double[][] rows, int[] references, double temperature) {
    double smoothing = 1.0 / (rows.length + 1);
    double sum = 0;
    for (int row = 0; row < rows.length; row++) {
      double[] logits = rows[row];
      double top = logits[Logits.top(logits)];
      double weights = 0;
      double weighted = 0;
      double shifted = 0;
      for (double logit : logits) {
        double below = logit - top;
        double weight = StrictMath.exp(below / temperature);
        weights += weight;
        weighted += weight * below;
        shifted += below;
      }
      double target =
          (1 - smoothing) * (logits[references[row]] - top) + smoothing * shifted / logits.length;
      sum += weighted / weights - target;
    }
    return sum;
  }

  @Override
  public Confidence confidence(double[] logits) {
    return new Confidence(probabilities(logits)[Logits.top(logits)]);
  }

  @Override
  public double[] probabilities(double[] logits) {
    Logits.requireFinite("logits", logits);
    double top = logits[Logits.top(logits)];
    double[] probabilities = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = Math.exp((logits[i] - top) / temperature);
      sum += probabilities[i];
    }
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }
}
