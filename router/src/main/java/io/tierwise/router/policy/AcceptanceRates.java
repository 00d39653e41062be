package io.tierwise.router.policy;

import io.tierwise.router.Requirement;
import io.tierwise.router.tier.TierName;
import java.util.Map;

/**
 * How often each tier's candidate has been accepted of late, known from audits only: on them every
 * tier is tried, so a tier that the planner has dropped can come back.
 */
public record AcceptanceRates(Map<TierName, Double> byTier) {
  /** Nothing is known, so everything is worth a try. */
  public static final AcceptanceRates UNKNOWN = new AcceptanceRates(Map.of());

  public AcceptanceRates {
    byTier = Map.copyOf(byTier);
    byTier.forEach((tier, rate) -> Requirement.closedUnit("acceptanceRate." + tier, rate));
  }

  /** Whether audits have shown how often a tier's candidate is accepted. */
  public boolean known(TierName tier) {
    return byTier.containsKey(tier);
  }

  public double of(TierName tier) {
    return byTier.getOrDefault(tier, 1.0);
  }
}
