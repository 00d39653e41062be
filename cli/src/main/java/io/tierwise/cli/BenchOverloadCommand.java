package io.tierwise.cli;

import io.tierwise.bench.speed.OverloadBench;
import io.tierwise.bench.speed.OverloadReport;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise bench overload}. */
@Command(
    name = "overload",
    mixinStandardHelpOptions = true,
    header = "Measures what is left when more comes than can be done.",
    description = {
      "Loads a gateway with as many requests as it answers, and then with several times as many a",
      "second, which come whatever becomes of the others: what is answered, beside the peak in the",
      "same round, how quick the refusals are, and the memory it took."
    })
final class BenchOverloadCommand implements Callable<Integer> {
  @Mixin private ProgressOption progress;
  @Mixin private RoundsOption rounds;
  @Mixin private JsonOption json;

  @Option(
      names = "--seconds",
      defaultValue = "4",
      description = "How long each load lasts (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--times",
      defaultValue = "5",
      description = "How many times the peak comes (default: ${DEFAULT-VALUE}).")
  private double times;

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("tierwise-overload");
    try {
      OverloadReport report =
          OverloadBench.run(
              new OverloadBench.Options(
                  rounds.value(), Duration.ofMillis(Math.round(seconds * 1000)), times),
              BenchGatewayCommand.programs(),
              work,
              progress.watch());
      progress.done();
      json.print(report.text(), report.json());
      return 0;
    } finally {
      DurableFiles.delete(work);
    }
  }
}
