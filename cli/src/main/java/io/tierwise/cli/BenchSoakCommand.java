package io.tierwise.cli;

import io.tierwise.bench.speed.SoakBench;
import io.tierwise.bench.speed.SoakReport;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise bench soak}. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    header = "Loads a gateway for long, with mistakes, and looks for what grows or is lost.",
    description = {
      "Half of what it can do of every kind of request, in turns, before a large model of which a",
      "share of the answers goes wrong and under a configuration that is broken now and then. Says",
      "how its heap, threads and descriptors have grown, and ends with 1 where the ledger lacks a",
      "request or has one twice. The ledger of all these requests needs room on the disk."
    },
    footer = {"", "Example: ./tierwise bench soak --minutes 30 --json"})
final class BenchSoakCommand implements Callable<Integer> {
  @Mixin private ProgressOption progress;
  @Mixin private SeedOption seed;
  @Mixin private JsonOption json;

  @Option(names = "--minutes", defaultValue = "30", description = "Default: ${DEFAULT-VALUE}.")
  private double minutes;

  @Option(
      names = "--seconds",
      defaultValue = "6",
      description = "How long each kind is asked for at a time (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--faults",
      defaultValue = "0.05",
      paramLabel = "SHARE",
      description = "Of the large model's answers that go wrong (default: ${DEFAULT-VALUE}).")
  private double faults;

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("tierwise-soak");
    try {
      SoakReport report =
          SoakBench.run(
              new SoakBench.Options(
                  Duration.ofMillis(Math.round(minutes * 60_000)),
                  Duration.ofMillis(Math.round(seconds * 1000)),
                  faults,
                  seed.value()),
              BenchGatewayCommand.programs(),
              work,
              progress.watch());
      progress.done();
      json.print(report.text(), report.json());
      return report.lost() + report.doubled() > 0 ? 1 : 0;
    } finally {
      DurableFiles.delete(work);
    }
  }
}
