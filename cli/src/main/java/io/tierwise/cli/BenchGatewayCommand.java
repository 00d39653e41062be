package io.tierwise.cli;

import io.tierwise.bench.load.JavaProcess;
import io.tierwise.bench.speed.GatewayBench;
import io.tierwise.bench.speed.GatewayReport;
import io.tierwise.bench.speed.Programs;
import io.tierwise.local.EchoServer;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise bench gateway}. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    header = "Measures the gateway beside a bare echo, its upstream, and a public gateway.",
    description = {
      "Throughput, latency at half of it, what is added to the upstream's latency, and streams; in",
      "turns on the cores that all share, ratios within a turn, medians over the rounds. The"
          + " public",
      "gateway is the npm package @portkey-ai/gateway, installed once where Node is there."
    })
final class BenchGatewayCommand implements Callable<Integer> {
  @Mixin private ProgressOption progress;
  @Mixin private RoundsOption rounds;
  @Mixin private JsonOption json;

  @Option(
      names = "--seconds",
      defaultValue = "2",
      description = "How long each is loaded in a round (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(names = "--no-peer", description = "Leave the public gateway out.")
  private boolean withoutPeer;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Measure these alone, as echo,exact-cache,student.")
  private List<String> only = List.of();

  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("tierwise-bench");
    try {
      GatewayBench.Options options =
          new GatewayBench.Options(
              rounds.value(), Duration.ofMillis(Math.round(seconds * 1000)), !withoutPeer, only);
      GatewayReport report = GatewayBench.run(options, programs(), work, progress.watch());
      progress.done();
      json.print(report.text(), report.json());
      return 0;
    } finally {
      DurableFiles.delete(work);
    }
  }

  static Programs programs() {
    List<String> echo = new ArrayList<>(JavaProcess.java());
    echo.add(EchoServer.class.getName());
    return new Programs(
        Installation.command(), JavaProcess.java("-Xmx512m"), echo, Installation.cache());
  }
}
