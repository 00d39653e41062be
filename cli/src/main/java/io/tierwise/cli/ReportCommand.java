package io.tierwise.cli;

import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.report.ReportRenderer;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise report}: what was spent, on what, and what it would have cost without. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description =
        "Adds up the ledger: cost, avoided large calls, and the all-large counterfactual.")
final class ReportCommand implements Callable<Integer> {
  enum Format {
    TABLE,
    JSON
  }

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "A gateway's data directory; without it, the configuration's.")
  private @Nullable Path data;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "DIMENSION",
      defaultValue = "task,tier",
      description = "Any of tenant, task, tier, model, day (default: ${DEFAULT-VALUE}).")
  private List<Dimension> by = List.of();

  @Option(names = "--from", paramLabel = "DAY", description = "First day (UTC), as 2026-01-31.")
  private @Nullable LocalDate from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last day (UTC), included.")
  private @Nullable LocalDate to;

  @Option(names = "--format", defaultValue = "table", description = "table or json.")
  private Format format = Format.TABLE;

  @Override
  public Integer call() throws IOException {
    if (from != null && to != null && to.isBefore(from)) {
      throw new InvalidValueException("--to", to + " is before --from " + from, "swap the two");
    }
    Path directory = (data != null ? data : config.load().data()).resolve("ledger");
    try (Stream<LedgerEntry> entries = LedgerReader.read(directory)) {
      CostReport report = CostReport.of(by, entries.filter(this::inRange));
      spec.commandLine()
          .getOut()
          .println(
              switch (format) {
                case TABLE -> ReportRenderer.table(report);
                case JSON -> ReportRenderer.json(report);
              });
    }
    return 0;
  }

  private boolean inRange(LedgerEntry entry) {
    LocalDate day = entry.at().atZone(ZoneOffset.UTC).toLocalDate();
    return (from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to));
  }
}
