package io.tierwise.distill.encoder;

import io.tierwise.router.Requirement;

/**
 * How one stage of training goes.
 *
 * @param epochs how often each text is seen; none leaves the encoder as it is
 * @param batch texts a step
 * @param rate highest of the rate, which rises over the first tenth of the steps and then falls to
 *     nothing; a stream, whose end nobody knows, is learned from at this rate throughout
 * @param blanked share of the word pieces that are hidden behind [UNK] anew each time
 */
public record Training(int epochs, int batch, float rate, float blanked) {
  public Training {
    Requirement.notNegative("epochs", epochs);
    Requirement.positive("batch", batch);
    Requirement.closedUnit("blanked", blanked);
  }

  /** The same for so many epochs. */
  Training with(int other) {
    return new Training(other, batch, rate, blanked);
  }
}
