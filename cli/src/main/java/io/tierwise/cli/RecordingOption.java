package io.tierwise.cli;

import io.tierwise.bench.replay.ReplaySpec;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.cost.PriceBook;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Recorded traffic and what its large model costs, the same for all that replay it. */
final class RecordingOption {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "JSON lines with a field 'text', .jsonl or .jsonl.gz.")
  private Path data;

  @Option(
      names = "--reference-field",
      required = true,
      paramLabel = "F",
      description = "The large model's recorded answer; rows without it are skipped.")
  private String referenceField;

  @Option(names = "--label-field", paramLabel = "G", description = "The human label, if any.")
  private @Nullable String labelField;

  @Option(
      names = "--large-price",
      defaultValue = "gpt-4o",
      description = "The large tier's entry in the price book (default: ${DEFAULT-VALUE}).")
  private String largePrice;

  /**
   * @param work an empty directory
   */
  ReplaySpec spec(Contract contract, long seed, Path work) throws IOException {
    return new ReplaySpec(
        data, referenceField, labelField, contract, seed, prices(), work, Installation.cache());
  }

  private ReplaySpec.Prices prices() throws IOException {
    PriceBook book = PriceFile.load(Installation.home().resolve("infra/prices/us-east-1.yaml"));
    LocalDate today = LocalDate.now(Clock.systemUTC());
    return new ReplaySpec.Prices(
        book.price("box-exact-cache", today).tariff(),
        book.price("box-student", today).tariff(),
        book.price(largePrice, today).tariff());
  }
}
