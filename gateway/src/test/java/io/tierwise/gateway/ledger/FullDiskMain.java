package io.tierwise.gateway.ledger;

import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.SampleEntries;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Records long and short entries where files may not grow, and says what became of each. */
final class FullDiskMain {
  private FullDiskMain() {}

  public static void main(String[] arguments) {
    try (SegmentLedger ledger = SegmentLedger.open(Path.of(arguments[0]))) {
      for (int i = 0; i < 20; i++) {
        say(ledger, LedgerFixture.ofBytes("long" + i, 9_000));
      }
      for (int i = 0; i < 3; i++) {
        say(ledger, SampleEntries.refused("short" + i));
      }
    }
  }

  private static void say(SegmentLedger ledger, LedgerEntry entry) {
    try {
      ledger.record(entry);
      System.out.println("kept " + entry.requestId());
    } catch (UncheckedIOException e) {
      System.out.println("refused " + entry.requestId());
    }
  }
}
