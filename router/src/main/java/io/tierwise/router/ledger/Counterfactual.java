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
 * @param estimated false when it is known: the large model answered this very input, now or when
 *     the exact cache's entry was made
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
          return new Counterfactual(
              proposed.shared() ? large.cost(proposed.largeUsage()) : judged.cost(), false);
        }
        // A neighbour's answer took what the neighbour's text took, not what this one would.
        if (judged.tier() == TierName.EXACT_CACHE) {
          remembered = proposed.largeUsage();
        }
      }
    }
    return remembered.equals(Usage.NONE)
        ? new Counterfactual(large.cost(expected), true)
        : new Counterfactual(large.cost(remembered), false);
  }

  /**
   * Of a refused request: what was paid for the large tier. It got no answer, so it saved nothing;
   * what the cheap tiers took is a loss, and shown as one.
   */
  public static Counterfactual refused(List<JudgedAttempt> attempts) {
    Money large =
        attempts.stream()
            .filter(judged -> judged.tier() == TierName.LARGE)
            .map(JudgedAttempt::cost)
            .reduce(Money.ZERO, Money::plus);
    return new Counterfactual(large, false);
  }
}
