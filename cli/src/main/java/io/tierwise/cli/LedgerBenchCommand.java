package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.ledger.GeneratedLedger;
import io.tierwise.bench.ledger.PeakMemory;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import io.tierwise.distill.report.LedgerFold;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.report.DayRange;
import io.tierwise.gateway.report.JsonReport;
import io.tierwise.gateway.report.LedgerReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench ledger}. */
@Command(
    name = "ledger",
    mixinStandardHelpOptions = true,
    header = "Reports over a generated ledger, and measures time and memory.",
    description = {
      "Writes entries drawn by a seed (about 720 bytes each), spread over 60 days, five tasks and",
      "twelve tenants, and makes the report that './tierwise report --by tenant,task,tier' makes. With",
      "--data DIR the ledger is kept, and the next run with it only reports."
    })
final class LedgerBenchCommand implements Callable<Integer> {
  private static final List<Dimension> BY =
      List.of(Dimension.TENANT, Dimension.TASK, Dimension.TIER);
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration OVER = Duration.ofDays(60);

  @Spec private CommandSpec spec;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--entries",
      defaultValue = "1000000",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private long entries;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the ledger there, as in a gateway's data directory.")
  private @Nullable Path data;

  @Option(
      names = "--engine",
      defaultValue = Engine.LOCAL,
      paramLabel = "ENGINE",
      description = "local or spark (default: ${DEFAULT-VALUE}).")
  private String engine;

  @Option(
      names = "--workers",
      defaultValue = "2",
      description = "How many worker JVMs spark has (default: ${DEFAULT-VALUE}).")
  private int workers;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path kept = data == null ? Files.createTempDirectory("tierwise-ledger") : data;
    try {
      print(measure(kept.resolve("ledger")));
      return 0;
    } finally {
      if (data == null) {
        DurableFiles.delete(kept);
      }
    }
  }

  /**
   * @param writeSeconds 0 where the ledger was there
   * @param processorSeconds what this process took for the report: less depends on who else works
   */
  private record Measured(
      long entries,
      long bytes,
      double writeSeconds,
      double reportSeconds,
      double processorSeconds,
      long peakBytes,
      String sha256) {}

  private Measured measure(Path ledger) throws IOException {
    double writing = 0;
    if (!Files.exists(ledger)) {
      long begun = System.nanoTime();
      GeneratedLedger.write(ledger, entries, seed, FROM, OVER, progress.watch());
      progress.done();
      writing = seconds(begun);
    }
    PeakMemory memory = PeakMemory.watch();
    Duration before = processorTime();
    long begun = System.nanoTime();
    LedgerReport report = report(ledger);
    String text = JsonReport.of(report);
    double reporting = seconds(begun);
    return new Measured(
        report.costs().total().requests() + report.costs().total().audits(),
        bytes(ledger),
        writing,
        reporting,
        processorTime().minus(before).toNanos() / 1e9,
        memory.peak(),
        sha256(text));
  }

  private LedgerReport report(Path ledger) throws IOException {
    if (engine.equals(Engine.LOCAL)) {
      try (Stream<LedgerEntry> all = LedgerReader.read(ledger)) {
        return LedgerReport.of(BY, DayRange.ALL, all);
      }
    }
    try (Engine away = Engines.open(engine, workers)) {
      return LedgerFold.report(away, ledger, BY, DayRange.ALL);
    }
  }

  private void print(Measured measured) {
    var out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%,d entries, %,d bytes: report in %.1f s (%,.0f entries a second; %.1f s of a processor),"
            + " %.1f MB of heap at most%n",
        measured.entries(),
        measured.bytes(),
        measured.reportSeconds(),
        measured.entries() / measured.reportSeconds(),
        measured.processorSeconds(),
        measured.peakBytes() / 1e6);
    out.println("sha256 of the JSON report: " + measured.sha256());
    if (json) {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.put("engine", engine).put("entries", measured.entries()).put("bytes", measured.bytes());
      node.put("writeSeconds", measured.writeSeconds());
      node.put("reportSeconds", measured.reportSeconds());
      node.put("processorSeconds", measured.processorSeconds());
      node.put("entriesPerSecond", measured.entries() / measured.reportSeconds());
      node.put("peakHeapBytes", measured.peakBytes()).put("sha256", measured.sha256());
      out.println(node);
    }
  }

  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static double seconds(long begun) {
    return (System.nanoTime() - begun) / 1e9;
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      long sum = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        sum += Files.size(file);
      }
      return sum;
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
