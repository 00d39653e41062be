package io.tierwise.router.policy;

import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.Tier;
import io.tierwise.router.tier.TierName;
import java.time.Duration;

/**
 * A tier in its place in a task's cascade.
 *
 * @param typicalLatency what an attempt takes; the planner's guess until it is measured
 * @param typicalCost of an attempt that takes that; derived once, for every request asks for it
 */
public record Rung(
    TierName name, Tier tier, Tariff tariff, Duration typicalLatency, Money typicalCost) {
  public Rung(TierName name, Tier tier, Tariff tariff, Duration typicalLatency) {
    this(name, tier, tariff, typicalLatency, tariff.cost(Usage.call(typicalLatency)));
  }

  /** Whether a caller's policy lets this tier answer. */
  public boolean allowedBy(RoutingPolicy policy) {
    return switch (policy) {
      case DEFAULT -> true;
      case LARGE_ONLY -> name == TierName.LARGE;
      case CHEAP_ONLY -> name != TierName.LARGE;
    };
  }
}
