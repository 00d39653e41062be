package io.tierwise.router.ledger;

import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.util.List;

/**
 * What a request would have cost on the large tier alone.
 *
 * @param estimated false when it is known: the large model answered, now or when the cached answer
 *     was made
 */
public record Counterfactual(Money cost, boolean estimated) {
  /**
   * @param attempts all that was tried for the request
   * @param large the large tier's tariff
   * @param expected what the large model is expected to use, for when nothing better is known
   */
  public static Counterfactual of(List<JudgedAttempt> attempts, Tariff large, Usage expected) {
    Usage remembered = Usage.NONE;
    for (JudgedAttempt judged : attempts) {
      if (judged.attempt() instanceof Attempt.Proposed proposed) {
        if (judged.tier() == TierName.LARGE) {
          return new Counterfactual(judged.cost(), false);
        }
        if (!proposed.largeUsage().equals(Usage.NONE)) {
          remembered = proposed.largeUsage();
        }
      }
    }
    return remembered.equals(Usage.NONE)
        ? new Counterfactual(large.cost(expected), true)
        : new Counterfactual(large.cost(remembered), false);
  }
}
