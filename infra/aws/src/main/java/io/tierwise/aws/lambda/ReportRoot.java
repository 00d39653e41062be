package io.tierwise.aws.lambda;

import io.tierwise.aws.ledger.LogLines;
import io.tierwise.gateway.report.ReportRenderer;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The composition root of the report function: the same fold as {@code tierwise report}. */
public final class ReportRoot {
  private static final List<Dimension> DIMENSIONS =
      List.of(Dimension.DAY, Dimension.TENANT, Dimension.TASK, Dimension.TIER);

  private final Environment environment;

  public ReportRoot(Environment environment) {
    this.environment = environment;
  }

  /** Adds up all that was delivered, keeps the report, and answers with it. */
  public void write(OutputStream out) throws IOException {
    String report = ReportRenderer.json(CostReport.of(DIMENSIONS, entries().stream()));
    if (environment.get(Environment.REPORTS).isPresent()) {
      Path directory = Files.createDirectories(Path.of(environment.required(Environment.REPORTS)));
      Files.writeString(directory.resolve("report.json"), report);
    }
    out.write(report.getBytes(StandardCharsets.UTF_8));
  }

  private List<LedgerEntry> entries() {
    return LogLines.in(Path.of(environment.required(Environment.LEDGER_SOURCE)));
  }
}
