package io.tierwise.router.ledger;

import io.tierwise.router.tier.TierName;
import java.time.ZoneOffset;

/** What a report may be broken down by. */
public enum Dimension {
  TENANT,
  TASK,
  TIER,
  MODEL,
  DAY;

  /** The entry's value in this dimension; days are UTC. */
  public String of(LedgerEntry entry) {
    return switch (this) {
      case TENANT -> entry.tenant();
      case TASK -> entry.task();
      case TIER -> {
        TierName tier = entry.answeredBy();
        yield tier == null ? "refused" : tier.text();
      }
      case MODEL -> {
        String version = entry.version();
        yield version == null ? "none" : version;
      }
      case DAY -> entry.at().atZone(ZoneOffset.UTC).toLocalDate().toString();
    };
  }
}
