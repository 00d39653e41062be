package io.tierwise.cli;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.report.DayRange;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose ledger, and which days of it: the same for every command that reads one. */
final class LedgerOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "A gateway's data directory; without it, the configuration's.")
  private @Nullable Path data;

  @Option(names = "--from", paramLabel = "DAY", description = "First day (UTC), as 2026-01-31.")
  private @Nullable LocalDate from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last day (UTC), included.")
  private @Nullable LocalDate to;

  DayRange days() {
    return new DayRange(from, to);
  }

  /** The data directory; the configuration is asked for only where none was named. */
  Path data(Supplier<TierwiseConfig> config) {
    return data != null ? data : config.get().data();
  }

  /** The directory of the ledger's segments. */
  Path segments(Supplier<TierwiseConfig> config) {
    return data(config).resolve("ledger");
  }
}
