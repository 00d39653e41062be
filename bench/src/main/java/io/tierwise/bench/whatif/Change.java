package io.tierwise.bench.whatif;

import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be different for a task.
 *
 * @param tariffs what its tiers cost
 * @param thresholds of an open gate; null to leave every verdict as it was
 */
public record Change(Map<TierName, Tariff> tariffs, @Nullable Thresholds thresholds) {
  public Change {
    tariffs = Map.copyOf(tariffs);
  }

  /** What an attempt would have cost; a tier without a tariff costs what it did. */
  Money cost(LedgerEntry.Line line) {
    Tariff tariff = tariffs.get(line.tier());
    return tariff == null ? line.cost() : tariff.cost(line.usage());
  }
}
