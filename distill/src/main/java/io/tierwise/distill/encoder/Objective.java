package io.tierwise.distill.encoder;

import io.tierwise.router.Requirement;

/** What a stage of training brings down. */
sealed interface Objective {
  /**
   * The mean squared distance of the last states to a teacher's, over all tokens (Jiao et al.:
   * TinyBERT, 2020).
   */
  record Imitate() implements Objective {}

  /**
   * (1−α) cross-entropy to the label + α T² cross-entropy to the soft label at temperature T
   * (Hinton, Vinyals, Dean, 2015).
   */
  record Answer(float softShare, float temperature) implements Objective {
    public Answer {
      Requirement.closedUnit("softShare", softShare);
    }
  }
}
