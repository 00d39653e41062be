package io.tierwise.bench.speed;

import io.tierwise.bench.demo.ChildProcess;
import io.tierwise.bench.load.Load;
import io.tierwise.bench.load.Measured;
import io.tierwise.bench.load.RequestFile;
import io.tierwise.bench.load.Turn;
import io.tierwise.bench.load.UpstreamMain;
import io.tierwise.distill.Progress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is left of a gateway's throughput when several times as much comes as it can do. Requests
 * are batches of texts for the student in process, so that the processors are what is short and an
 * answer costs many times what a refusal does.
 */
public final class OverloadBench {
  private static final int TEXTS = 4096;
  private static final int BATCH = 64;
  private static final int WARM_UPS = 4;
  private static final int CONNECTIONS = 8;
  private static final int CALLERS = 512;

  private OverloadBench() {}

  /**
   * What is measured.
   *
   * @param rounds of which the medians are taken
   * @param turn how long a load lasts
   * @param times how many times as much comes as can be done
   */
  public record Options(int rounds, Duration turn, double times) {}

  /**
   * @param folder empty; holds what the run needs, and the logs
   */
  public static OverloadReport run(
      Options options, Programs programs, Path folder, Progress progress) throws IOException {
    BenchGateway prepared = BenchGateway.prepare(folder, programs);
    List<String> upstreamCommand = new ArrayList<>(programs.java());
    upstreamCommand.add(UpstreamMain.class.getName());
    try (ChildProcess upstream =
            ChildProcess.start(
                upstreamCommand,
                List.of(BenchGateway.LABELS.getFirst()),
                folder.resolve("upstream.log"));
        Load load = Load.start(programs.java());
        ChildProcess gateway = prepared.start(upstream.url())) {
      Path requests = requests(prepared, folder.resolve("batches.requests"));
      URI target = URI.create(gateway.url());
      for (int i = 0; i < WARM_UPS; i++) {
        load.run(new Turn(target, requests, CONNECTIONS, options.turn(), 0));
        progress.report("warming up", i + 1, WARM_UPS);
      }
      long restBytes = ResidentMemory.now(gateway.pid());
      List<OverloadReport.Round> rounds = new ArrayList<>();
      for (int i = 0; i < options.rounds(); i++) {
        Measured peak = load.run(new Turn(target, requests, CONNECTIONS, options.turn(), 0));
        double rate = options.times() * peak.perSecond();
        Measured over = load.run(new Turn(target, requests, CALLERS, options.turn(), rate));
        rounds.add(new OverloadReport.Round(peak, over));
        progress.report("overload", i + 1, options.rounds());
      }
      return new OverloadReport(
          options.times(), BATCH, rounds, restBytes, ResidentMemory.most(gateway.pid()));
    }
  }

  private static Path requests(BenchGateway prepared, Path file) throws IOException {
    List<String> texts = Texts.distinct(TEXTS, 3);
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < texts.size(); i += BATCH) {
      String data =
          texts.subList(i, i + BATCH).stream()
              .map(text -> "\"" + text + "\"")
              .collect(Collectors.joining(","));
      requests.add(
          RequestFile.post(
              "/v2/models/" + BenchGateway.TASK + "/infer",
              prepared.authorization(),
              """
              {"inputs":[{"name":"text","datatype":"BYTES","shape":[%d],"data":[%s]}]}\
              """
                  .formatted(BATCH, data)));
    }
    return RequestFile.write(file, requests);
  }
}
