package io.tierwise.distill.encoder;

import io.tierwise.router.Requirement;
import java.util.Map;
import java.util.TreeMap;

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

  /** What a lineage says of it, and of what else was decided: names and values in turn. */
  Map<String, String> and(Object... others) {
    Map<String, String> all = new TreeMap<>();
    all.put("epochs", Integer.toString(epochs));
    all.put("batch", Integer.toString(batch));
    all.put("rate", Float.toString(rate));
    all.put("blanked", Float.toString(blanked));
    for (int i = 0; i < others.length; i += 2) {
      all.put(others[i].toString(), others[i + 1].toString());
    }
    return all;
  }

  /** The same for so many epochs. */
  Training with(int other) {
    return new Training(other, batch, rate, blanked);
  }
}
