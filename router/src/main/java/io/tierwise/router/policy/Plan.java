package io.tierwise.router.policy;

import io.tierwise.router.tier.Skipped;
import java.util.List;

/**
 * The tiers to try, in order, and the ones left out.
 *
 * @param everything try every cheap tier even after one has been accepted, as audits do
 */
public record Plan(List<Rung> rungs, List<Skipped> skipped, boolean everything) {
  public Plan {
    rungs = List.copyOf(rungs);
    skipped = List.copyOf(skipped);
  }
}
