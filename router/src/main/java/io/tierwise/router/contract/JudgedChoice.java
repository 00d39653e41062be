package io.tierwise.router.contract;

import io.tierwise.router.Requirement;
import io.tierwise.router.confidence.Confidence;

/**
 * One prompt that both models answered, as a router between them saw it.
 *
 * @param confidence the router's probability that the weak model is good enough
 * @param loss what choosing the weak model costs in quality: how much better the strong one's
 *     answer is, in [0, 1]; for right and wrong it is 1 where the strong model is right and the
 *     weak one wrong
 */
public record JudgedChoice(Confidence confidence, double loss) {
  public JudgedChoice {
    Requirement.closedUnit("loss", loss);
  }

  /**
   * @param strong the strong model's score in [0, 1]
   * @param weak the weak model's
   */
  public static JudgedChoice of(Confidence confidence, double strong, double weak) {
    Requirement.closedUnit("strong", strong);
    Requirement.closedUnit("weak", weak);
    return new JudgedChoice(confidence, Math.max(0, strong - weak));
  }
}
