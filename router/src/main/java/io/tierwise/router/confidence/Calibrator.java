package io.tierwise.router.confidence;

import io.tierwise.router.InvalidValueException;

/** Turns a model's logits, one per label, into calibrated confidence. Immutable. */
public sealed interface Calibrator permits TemperatureScaling, IsotonicRegression {
  /**
   * How sure the model is of its top label: of n predictions at confidence c, about c·n agree.
   *
   * @throws InvalidValueException when there are no logits or one is not finite
   */
  Confidence confidence(double[] logits);

  /**
   * A probability for every label, in the order of the logits.
   *
   * @throws InvalidValueException when there are no logits or one is not finite
   */
  double[] probabilities(double[] logits);
}
