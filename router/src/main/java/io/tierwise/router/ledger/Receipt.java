package io.tierwise.router.ledger;

import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.Skipped;
import java.time.Duration;
import java.util.List;

/**
 * What was tried for a request and what it cost.
 *
 * @param counterfactual what the large tier alone would have cost
 * @param audited whether the request was drawn for an audit before routing
 */
public record Receipt(
    List<JudgedAttempt> attempts,
    List<Skipped> skipped,
    Counterfactual counterfactual,
    boolean audited,
    Duration latency) {
  public Receipt {
    attempts = List.copyOf(attempts);
    skipped = List.copyOf(skipped);
  }

  /** The sum over all attempts, also those that were passed on. */
  public Money cost() {
    Money cost = Money.ZERO;
    for (JudgedAttempt judged : attempts) {
      cost = cost.plus(judged.cost());
    }
    return cost;
  }

  /** Counterfactual less cost; negative when the cheap tiers cost more than they spared. */
  public Money saved() {
    return counterfactual.cost().minus(cost());
  }
}
