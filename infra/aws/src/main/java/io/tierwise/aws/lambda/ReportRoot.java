package io.tierwise.aws.lambda;

import io.tierwise.aws.ledger.LogLines;
import io.tierwise.aws.s3.S3Ledger;
import io.tierwise.gateway.report.JsonReport;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/** The composition root of the report function: the same fold as {@code tierwise report}. */
public final class ReportRoot {
  private static final List<Dimension> DIMENSIONS =
      List.of(Dimension.DAY, Dimension.TENANT, Dimension.TASK, Dimension.TIER);

  private static final String NAME = "report.json";

  private final Environment environment;

  public ReportRoot(Environment environment) {
    this.environment = environment;
  }

  /** Adds up all that was delivered, keeps the report, and answers with it. */
  public void write(OutputStream out) throws IOException {
    Place source = Place.of(environment.required(Environment.LEDGER_SOURCE));
    String report = JsonReport.of(CostReport.of(DIMENSIONS, entries(source).stream()));
    byte[] bytes = report.getBytes(StandardCharsets.UTF_8);
    if (environment.get(Environment.REPORTS).isPresent()) {
      keep(Place.of(environment.required(Environment.REPORTS)), bytes);
    }
    out.write(bytes);
  }

  private List<LedgerEntry> entries(Place source) throws IOException {
    return switch (source) {
      case Place.Directory directory -> LogLines.in(directory.path());
      case Place.Bucket bucket -> {
        try (S3Client s3 = Clients.s3(environment)) {
          yield new S3Ledger(s3, bucket.name()).entries(bucket.prefix());
        }
      }
    };
  }

  private void keep(Place reports, byte[] report) throws IOException {
    switch (reports) {
      case Place.Directory directory ->
          Files.write(Files.createDirectories(directory.path()).resolve(NAME), report);
      case Place.Bucket bucket -> {
        try (S3Client s3 = Clients.s3(environment)) {
          new S3Ledger(s3, bucket.name()).write(bucket.prefix() + NAME, report);
        }
      }
    }
  }
}
