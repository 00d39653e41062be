package io.tierwise.bench.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedLedgerTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path directory;

  private Path write(String name, long seed) {
    Path ledger = directory.resolve(name);
    GeneratedLedger.write(ledger, 2_000, seed, FROM, Duration.ofDays(4), Progress.SILENT);
    return ledger;
  }

  @Test
  void theSameSeedGivesTheSameBytesWithEveryTierOverAllDays() throws IOException {
    Path one = write("one", 1).resolve("ledger-00000001.log");
    Path same = write("same", 1).resolve("ledger-00000001.log");
    Path other = write("other", 2).resolve("ledger-00000001.log");
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(same));
    assertTrue(Files.mismatch(one, other) >= 0);
    CostReport report;
    try (Stream<LedgerEntry> entries = LedgerReader.read(directory.resolve("one"))) {
      report = CostReport.of(List.of(Dimension.DAY, Dimension.TIER), entries);
    }
    assertEquals(2_000, report.total().requests() + report.total().audits());
    assertEquals(
        List.of("exact-cache", "large", "refused", "student"),
        report.rows().stream().map(row -> row.key().getLast()).distinct().sorted().toList());
    assertEquals(4, report.rows().stream().map(row -> row.key().getFirst()).distinct().count());
  }
}
