package io.tierwise.router.policy;

import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.Skipped;
import io.tierwise.router.tier.Skipped.Reason;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the tiers worth trying. Tier i is tried only if c_i &lt; p_i · (expected cost of what
 * follows), with p_i its recent acceptance rate, and only if the deadline allows it.
 *
 * <p>Dropping tiers never weakens the contract: the loss that is certified counts every cheap tier.
 *
 * @param policy the caller's, or what a limit makes of it
 * @param gate the task's gate, as of this request
 * @param rates how often each tier's candidates are accepted
 * @param largeUsage what the large model is expected to use for this request
 * @param everything score every cheap tier whatever it costs, as audits and observe mode do
 * @param thrifty close to a limit, take every cheap tier's chance: p_i counts as 1, for it is a
 *     mean over all inputs and a single large call is what the limit has little room for
 */
public record Planner(
    RoutingPolicy policy,
    Gate gate,
    AcceptanceRates rates,
    Usage largeUsage,
    boolean everything,
    boolean thrifty,
    Instant now) {

  /**
   * @param rungs cheapest first, the large tier last
   */
  public Plan plan(List<Rung> rungs, InferenceRequest request) {
    // From the end on, into the place it has from the beginning.
    Rung[] chosen = new Rung[rungs.size()];
    int first = chosen.length;
    List<Skipped> skipped = List.of();
    Money following = Money.ZERO;
    for (int i = rungs.size() - 1; i >= 0; i--) {
      Rung rung = rungs.get(i);
      if (!rung.tier().present()) {
        continue;
      }
      Optional<Reason> reason = reasonToSkip(rung, request);
      Money cost = expectedCost(rung);
      if (reason.isEmpty() && tooCostly(rung, cost, following)) {
        reason = Optional.of(Reason.COST);
      }
      if (reason.isPresent()) {
        skipped = skipped.isEmpty() ? new ArrayList<>() : skipped;
        skipped.add(new Skipped(rung.name(), reason.get()));
      } else {
        chosen[--first] = rung;
        following = cost.plus(passedOn(rung, following));
      }
    }
    return new Plan(
        List.of(first == 0 ? chosen : Arrays.copyOfRange(chosen, first, chosen.length)),
        skipped.isEmpty() ? skipped : skipped.reversed(),
        everything);
  }

  private Optional<Reason> reasonToSkip(Rung rung, InferenceRequest request) {
    if (!rung.allowedBy(policy)) {
      return Optional.of(Reason.POLICY);
    }
    if (rung.name() == TierName.LARGE) {
      return Optional.empty();
    }
    if (rung.name() == TierName.EXACT_CACHE || rung.name() == TierName.SEMANTIC_CACHE) {
      if (!request.context().cache().read()) {
        return Optional.of(Reason.CACHE_CONTROL);
      }
    }
    boolean mayPass = everything || policy == RoutingPolicy.CHEAP_ONLY;
    if (!mayPass && gate.thresholds().of(rung.name()).isEmpty()) {
      return Optional.of(Reason.GATE);
    }
    Duration left = Duration.between(now, request.context().deadline());
    return rung.typicalLatency().compareTo(left) > 0
        ? Optional.of(Reason.DEADLINE)
        : Optional.empty();
  }

  private boolean tooCostly(Rung rung, Money cost, Money following) {
    boolean free = everything || policy == RoutingPolicy.CHEAP_ONLY;
    if (free || rung.name() == TierName.LARGE) {
      return false;
    }
    Money spared = thrifty ? following : following.times(shareAccepted(rung));
    return cost.compareTo(spared) >= 0;
  }

  /** What a tier leaves of what follows it; nobody counts on one of which nothing is known. */
  private Money passedOn(Rung rung, Money following) {
    return rates.known(rung.name())
        ? following.times(BigDecimal.ONE.subtract(shareAccepted(rung)))
        : following;
  }

  private BigDecimal shareAccepted(Rung rung) {
    double share = rates.of(rung.name());
    return share == 1 ? BigDecimal.ONE : BigDecimal.valueOf(share);
  }

  private Money expectedCost(Rung rung) {
    return rung.name() == TierName.LARGE ? rung.tariff().cost(largeUsage) : rung.typicalCost();
  }
}
