package io.tierwise.distill.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import io.tierwise.distill.report.LedgerFold;
import io.tierwise.gateway.ledger.LedgerPart;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.gateway.report.DayRange;
import io.tierwise.gateway.report.HtmlReport;
import io.tierwise.gateway.report.JsonReport;
import io.tierwise.gateway.report.LedgerReport;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger's report made by worker JVMs. */
class SparkReportIT {
  private static final List<Dimension> BY = List.of(Dimension.TENANT, Dimension.TASK);
  private static final int ENTRIES = 4_000;
  private static final int SEGMENT_BYTES = 100_000;

  @TempDir private Path directory;

  private static LedgerEntry entry(int number, SplittableRandom random) {
    boolean cheap = random.nextInt(3) > 0;
    TierName tier = cheap ? TierName.STUDENT : TierName.LARGE;
    Money cost =
        new Money(BigDecimal.valueOf(random.nextInt(1, 900), cheap ? 9 : 5))
            .share(BigDecimal.valueOf(7));
    return new LedgerEntry(
        "r" + number,
        Instant.parse("2026-03-01T00:00:00Z").plus(Duration.ofMinutes(10L * number)),
        "tenant-" + random.nextInt(4),
        "task-" + random.nextInt(3),
        number % 50 == 0 ? LedgerEntry.Purpose.AUDIT : LedgerEntry.Purpose.SERVE,
        tier,
        null,
        "v1",
        null,
        List.of(
            new LedgerEntry.Line(
                tier,
                Verdict.ACCEPTED,
                0.9,
                new Usage(1, 100, 0, 2, Duration.ZERO),
                cost,
                Duration.ofMillis(1))),
        cost,
        cheap ? Money.of("0.001") : cost,
        cheap,
        random.nextInt(20, 400),
        false,
        false,
        Duration.ofMillis(2));
  }

  @Test
  void workersMakeTheReportThatOneProcessMakesToTheLastByte() throws IOException {
    try (SegmentLedger ledger = SegmentLedger.open(directory, SEGMENT_BYTES)) {
      SplittableRandom random = new SplittableRandom(3);
      for (int i = 0; i < ENTRIES; i++) {
        ledger.record(entry(i, random));
      }
    }
    assertTrue(LedgerPart.of(directory).size() > 10, "segments");
    DayRange range = new DayRange(LocalDate.of(2026, 3, 8), LocalDate.of(2026, 3, 20));
    LedgerReport here;
    try (Stream<LedgerEntry> entries = LedgerReader.read(directory)) {
      here = LedgerReport.of(BY, range, entries);
    }
    assertEquals(13, here.days().size());
    try (Engine spark = Engines.open("spark", 2)) {
      LedgerReport there = LedgerFold.report(spark, directory, BY, range);
      assertEquals(JsonReport.of(here), JsonReport.of(there));
      assertEquals(HtmlReport.of(here), HtmlReport.of(there));
    }
    try (Engine local = Engine.local()) {
      assertEquals(
          JsonReport.of(here), JsonReport.of(LedgerFold.report(local, directory, BY, range)));
    }
  }
}
