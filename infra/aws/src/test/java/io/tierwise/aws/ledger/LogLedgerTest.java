package io.tierwise.aws.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.gateway.report.JsonReport;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.LedgerContract;
import io.tierwise.router.testing.SampleEntries;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger written as log lines on one side and read from the delivered log on the other. */
class LogLedgerTest extends LedgerContract {
  private static final List<Dimension> ALL = List.of(Dimension.values());

  @TempDir private Path logs;

  @Override
  protected Ledger ledger() throws IOException {
    return new LogLedger(
        new PrintStream(
            Files.newOutputStream(logs.resolve("a.log")), true, StandardCharsets.UTF_8));
  }

  @Override
  protected List<LedgerEntry> readBack() {
    return LogLines.in(logs);
  }

  @Test
  void theReportIsTheLocalLedgersToTheLastDigit() throws IOException {
    Path segments = logs.resolve("segments");
    Ledger lines = ledger();
    try (SegmentLedger local = SegmentLedger.open(segments)) {
      for (int i = 0; i < 100; i++) {
        LedgerEntry entry = SampleEntries.escalated("request." + i);
        local.record(entry);
        lines.record(entry);
      }
    }
    String expected;
    try (var entries = LedgerReader.read(segments)) {
      expected = JsonReport.of(CostReport.of(ALL, entries));
    }
    List<LedgerEntry> delivered =
        LogLines.entries(Files.readAllLines(logs.resolve("a.log")).stream());
    assertEquals(expected, JsonReport.of(CostReport.of(ALL, delivered.stream())));
  }

  @Test
  void whatIsDeliveredTwiceCountsOnce() throws IOException {
    Ledger lines = ledger();
    SampleEntries.all().forEach(lines::record);
    Files.copy(logs.resolve("a.log"), logs.resolve("b.log"));

    assertEquals(SampleEntries.all(), readBack());
  }

  @Test
  void linesOfOtherKindsAndDamagedOnesAreLeftOut() throws IOException {
    Ledger lines = ledger();
    lines.record(SampleEntries.escalated("one"));
    Files.writeString(
        logs.resolve("a.log"),
        "START RequestId: 1\n{\"_aws\":{}}\n{\"kind\":\"tierwise.ledger\",\"entry\":{\"format\":1\n",
        StandardOpenOption.APPEND);

    assertEquals(List.of(SampleEntries.escalated("one")), readBack());
  }

  @Test
  void anEntryThatCannotBeWrittenIsTrouble() {
    PrintStream broken = new PrintStream(PrintStream.nullOutputStream());
    broken.close();

    assertThrows(
        UncheckedIOException.class,
        () -> new LogLedger(broken).record(SampleEntries.escalated("one")));
  }
}
