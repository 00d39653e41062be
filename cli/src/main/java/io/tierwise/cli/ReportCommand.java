package io.tierwise.cli;

import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import io.tierwise.distill.report.LedgerFold;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.report.CsvReport;
import io.tierwise.gateway.report.DayRange;
import io.tierwise.gateway.report.FocusReport;
import io.tierwise.gateway.report.HtmlReport;
import io.tierwise.gateway.report.JsonReport;
import io.tierwise.gateway.report.LedgerReport;
import io.tierwise.gateway.report.ReportRenderer;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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
    header = "Adds up the ledger: cost, avoided large calls, and the all-large counterfactual.",
    description = {
      "All large is what the large tier alone would have cost: exact where its own answer is known,",
      "estimated elsewhere, with an interval. Audits are counted apart and are paid from the saving.",
      "Top movers compare --from .. --to with as many days before; without --from, the last week",
      "with the one before it. The ledger is read once, in the memory that the rows need.",
      "",
      "focus is a FOCUS 1.2 dataset (CSV): a row for each day, tenant, task, tier and purpose.",
      "",
      "With --engine spark the segments are folded by worker JVMs, or by the cluster it is submitted",
      "to, which must see the data directory; the report is the same to the last byte."
    })
final class ReportCommand implements Callable<Integer> {
  enum Format {
    TABLE,
    CSV,
    JSON,
    HTML,
    FOCUS
  }

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;
  @Mixin private LedgerOption ledger;

  @Option(
      names = "--by",
      split = ",",
      paramLabel = "DIMENSION",
      defaultValue = "task,tier",
      description = "Any of tenant, task, tier, model, day (default: ${DEFAULT-VALUE}).")
  private List<Dimension> by = List.of();

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "table, csv, json, html or focus (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TABLE;

  @Option(
      names = "--account",
      paramLabel = "NAME",
      defaultValue = "tierwise",
      description = "The billing account in a focus dataset (default: ${DEFAULT-VALUE}).")
  private String account = "tierwise";

  @Option(
      names = "--engine",
      defaultValue = Engine.LOCAL,
      paramLabel = "ENGINE",
      description = "local or spark (default: ${DEFAULT-VALUE}).")
  private String engine = Engine.LOCAL;

  @Option(
      names = "--workers",
      defaultValue = "2",
      paramLabel = "N",
      description = "How many worker JVMs spark has (default: ${DEFAULT-VALUE}).")
  private int workers = 2;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Write there instead of standard output.")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    DayRange range = ledger.days();
    Path directory = ledger.segments(config::load);
    String text = text(range, directory);
    if (file != null) {
      Files.writeString(file, text);
    } else {
      PrintWriter out = spec.commandLine().getOut();
      out.print(text);
      out.flush();
    }
    return 0;
  }

  private String focus(DayRange range, Path directory) {
    if (!engine.equals(Engine.LOCAL)) {
      throw new InvalidValueException(
          "--engine", "a focus dataset is made in this process alone", "leave --engine out");
    }
    try (Stream<LedgerEntry> entries = LedgerReader.read(directory)) {
      return FocusReport.of(account, range, entries);
    }
  }

  private LedgerReport report(DayRange range, Path directory) throws IOException {
    if (engine.equals(Engine.LOCAL)) {
      try (Stream<LedgerEntry> entries = LedgerReader.read(directory)) {
        return LedgerReport.of(by, range, entries);
      }
    }
    try (Engine away = Engines.open(engine, workers)) {
      return LedgerFold.report(away, directory, by, range);
    }
  }

  private String text(DayRange range, Path directory) throws IOException {
    return switch (format) {
      case TABLE -> ReportRenderer.table(report(range, directory));
      case CSV -> CsvReport.of(report(range, directory));
      case JSON -> JsonReport.of(report(range, directory));
      case HTML -> HtmlReport.of(report(range, directory));
      case FOCUS -> focus(range, directory);
    };
  }
}
