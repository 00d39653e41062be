package io.tierwise.cli;

import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.reconcile.BilledServices;
import io.tierwise.gateway.reconcile.Reconciliation;
import io.tierwise.gateway.reconcile.ReconciliationRenderer;
import io.tierwise.gateway.report.DayRange;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise reconcile}: the ledger against the provider's bill. */
@Command(
    name = "reconcile",
    mixinStandardHelpOptions = true,
    header = "Compares the ledger with an AWS Cost and Usage Report and explains the difference.",
    description = {
      "Per service and day: ledger, bill, what they differ by, and what of that is other users of the",
      "account, credits and taxes, free tier, idle instance hours, usage that the bill does not have,",
      "or rounding. Reads CSV or gzip, with the legacy report's column names or CUR 2.0's, line by",
      "line. Exits with 1 where something stays unexplained."
    })
final class ReconcileCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;
  @Mixin private LedgerOption ledger;

  @Option(names = "--cur", required = true, paramLabel = "FILE", description = "The report.")
  private Path report = Path.of("");

  @Option(
      names = "--own",
      split = ",",
      paramLabel = "TEXT",
      defaultValue = "tierwise",
      description = {
        "Resources whose id holds one of these are Tierwise's, whatever the case of letters; the",
        "others are other users' (default: ${DEFAULT-VALUE})."
      })
  private List<String> own = List.of();

  @Option(
      names = "--service",
      paramLabel = "PRICE=CODE",
      description = {
        "What bills a price of one's own, as in our-gpu=AmazonSageMaker. Known: ids that begin with",
        "lambda-, sagemaker- and http-api-."
      })
  private Map<String, String> services = Map.of();

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    DayRange range = ledger.days();
    TierwiseConfig loaded = config.load();
    BilledServices billed =
        new BilledServices(
            loaded, PriceFile.merged(loaded.prices()), services, LocalDate.now(Clock.systemUTC()));
    Path directory = ledger.segments(() -> loaded);
    Reconciliation reconciliation;
    try (Stream<LedgerEntry> entries = LedgerReader.read(directory)) {
      reconciliation = Reconciliation.of(billed, this::ours, range, report, entries);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        json
            ? ReconciliationRenderer.json(reconciliation)
            : ReconciliationRenderer.table(reconciliation));
    out.flush();
    return reconciliation.explained() ? 0 : Main.REFUSED;
  }

  private boolean ours(String resource) {
    return own.stream().anyMatch(text -> containsIgnoringCase(resource, text));
  }

  private static boolean containsIgnoringCase(String text, String part) {
    for (int at = 0; at + part.length() <= text.length(); at++) {
      if (text.regionMatches(true, at, part, 0, part.length())) {
        return true;
      }
    }
    return false;
  }
}
