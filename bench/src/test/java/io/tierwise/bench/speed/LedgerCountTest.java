package io.tierwise.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.bench.ledger.GeneratedLedger;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.router.ledger.LedgerEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerCountTest {
  @TempDir private Path ledger;

  @Test
  void tellsAnEntryThatIsThereTwiceFromTwoRequests() {
    GeneratedLedger.write(
        ledger, 1000, 1, Instant.EPOCH, Duration.ofHours(1), (what, done, of) -> {});
    List<LedgerEntry> served = served();
    try (SegmentLedger again = SegmentLedger.open(ledger)) {
      served.subList(0, 7).forEach(again::record);
    }

    LedgerCount count = LedgerCount.of(ledger);

    assertEquals(served.size(), count.requests());
    assertEquals(served.size() + 7, count.entries());
  }

  private List<LedgerEntry> served() {
    try (Stream<LedgerEntry> entries = LedgerReader.read(ledger)) {
      return entries.filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE).toList();
    }
  }
}
