package io.tierwise.bench.speed;

import io.tierwise.bench.demo.ChildProcess;
import io.tierwise.bench.load.UpstreamMain;
import io.tierwise.distill.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** How long {@code serve} takes to its first answer, and what it holds resident at rest. */
public final class StartBench {
  private static final double NANOS_IN_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final double MEGABYTE = 1_000_000;
  private static final long REST_MILLIS = 3000;

  private StartBench() {}

  /**
   * Medians over the rounds.
   *
   * @param withCacheMillis with the launcher's cache of loaded and linked classes
   * @param restMegabytes resident, three seconds after the first answer
   */
  public record Result(double withCacheMillis, double withoutCacheMillis, double restMegabytes) {
    public double withToWithout() {
      return withCacheMillis / withoutCacheMillis;
    }
  }

  /**
   * @param folder empty
   */
  public static Result run(int rounds, Programs programs, Path folder, Progress progress)
      throws IOException {
    BenchGateway prepared = BenchGateway.prepare(folder, programs);
    List<String> command = new ArrayList<>(programs.java());
    command.add(UpstreamMain.class.getName());
    double[] with = new double[rounds];
    double[] without = new double[rounds];
    double[] rest = new double[rounds];
    try (ChildProcess upstream =
        ChildProcess.start(
            command, List.of(BenchGateway.LABELS.getFirst()), folder.resolve("upstream.log"))) {
      // The launcher makes its cache when there is none.
      start(prepared, upstream.url(), folder, Map.of());
      for (int round = 0; round < rounds; round++) {
        Started cached = start(prepared, upstream.url(), folder, Map.of());
        with[round] = cached.millis();
        rest[round] = cached.megabytes();
        without[round] =
            start(prepared, upstream.url(), folder, Map.of("TIERWISE_AOT", "off")).millis();
        progress.report("starts", round + 1, rounds);
      }
    }
    return new Result(Rounds.median(with), Rounds.median(without), Rounds.median(rest));
  }

  private record Started(double millis, double megabytes) {}

  private static Started start(
      BenchGateway prepared, String upstream, Path folder, Map<String, String> environment)
      throws IOException {
    long begin = System.nanoTime();
    try (ChildProcess gateway = prepared.start(upstream, environment)) {
      Answering.check(
          Contestant.chat(
              new Contestant.Asked(
                  "start",
                  new Contestant.Server(gateway.pid(), gateway.url()),
                  BenchGateway.TASK,
                  "student"),
              prepared.authorization(),
              List.of("where is my parcel"),
              false,
              folder));
      double millis = (System.nanoTime() - begin) / NANOS_IN_MILLI;
      rest();
      return new Started(millis, ResidentMemory.now(gateway.pid()) / MEGABYTE);
    }
  }

  private static void rest() throws IOException {
    try {
      Thread.sleep(REST_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a gateway rested", e);
    }
  }
}
