package io.tierwise.gateway.ledger;

import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** Ledgers and entries for tests. */
final class LedgerFixture {
  private LedgerFixture() {}

  static List<String> requestIds(Path directory, List<Damage> damages) {
    try (Stream<LedgerEntry> entries = LedgerReader.read(directory, damages::add)) {
      return entries.map(LedgerEntry::requestId).toList();
    }
  }

  static List<LedgerEntry> entries(Path directory, List<Damage> damages) {
    try (Stream<LedgerEntry> entries = LedgerReader.read(directory, damages::add)) {
      return entries.toList();
    }
  }

  /** An entry that takes more than this many bytes. */
  static LedgerEntry ofBytes(String requestId, int bytes) {
    return new LedgerEntry(
        requestId,
        Instant.EPOCH,
        "acme",
        "triage",
        LedgerEntry.Purpose.SERVE,
        TierName.LARGE,
        null,
        "v".repeat(bytes),
        null,
        List.of(),
        Money.ZERO,
        Money.ZERO,
        false,
        1,
        false,
        false,
        Duration.ZERO);
  }
}
