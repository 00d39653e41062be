package io.tierwise.bench.speed;

import io.tierwise.bench.demo.ChildProcess;
import io.tierwise.bench.load.Load;
import io.tierwise.bench.load.Measured;
import io.tierwise.bench.load.UpstreamMain;
import io.tierwise.bench.speed.Contestant.Asked;
import io.tierwise.bench.speed.Contestant.Server;
import io.tierwise.distill.Progress;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A gateway at half of what it can do, for long, while its large model and its operator make
 * mistakes at random: what it holds must not grow, and its ledger must have every request once.
 *
 * <p>Cached answers, students', audited ones and large ones, whole and as streams, are asked for in
 * turns. A share of the large model's answers goes wrong; the configuration is broken before some
 * turns, and mended before the next.
 */
public final class SoakBench {
  private static final int CONNECTIONS = 64;
  private static final int CACHED = 256;
  private static final int UNSEEN = 20_000;
  private static final String TURNED_AWAY = "tierwise_admission_refused_total";
  private static final double HALF = 0.5;
  private static final double BROKEN = 0.2;

  private final Options options;
  private final BenchGateway prepared;
  private final Path folder;
  private final Progress progress;
  private final Random random;
  private final SoakReport.Builder report = new SoakReport.Builder();
  private final Map<String, Double> rates = new HashMap<>();

  /**
   * How it is done.
   *
   * @param length of the whole load
   * @param turn how long one kind of request is asked for
   * @param faults the share of the large model's answers that goes wrong
   * @param seed of all that is drawn
   */
  public record Options(Duration length, Duration turn, double faults, long seed) {
    public Options {
      requirePositive("minutes", length);
      requirePositive("seconds", turn);
      Requirement.closedUnit("faults", faults);
    }

    private static void requirePositive(String field, Duration duration) {
      if (!duration.isPositive()) {
        throw new InvalidValueException(field, "it is not positive", "give more than 0");
      }
    }
  }

  private SoakBench(Options options, BenchGateway prepared, Path folder, Progress progress) {
    this.options = options;
    this.prepared = prepared;
    this.folder = folder;
    this.progress = progress;
    this.random = new Random(options.seed());
  }

  /**
   * @param folder empty; holds what the run needs, its ledger, and the logs
   */
  public static SoakReport run(Options options, Programs programs, Path folder, Progress progress)
      throws IOException {
    BenchGateway prepared = BenchGateway.prepare(folder, programs);
    List<String> command = new ArrayList<>(programs.java());
    command.add(UpstreamMain.class.getName());
    List<String> faulty =
        List.of(
            BenchGateway.LABELS.getFirst(),
            Double.toString(options.faults()),
            Long.toString(options.seed()));
    SoakBench soak = new SoakBench(options, prepared, folder, progress);
    try (ChildProcess upstream =
            ChildProcess.start(command, faulty, folder.resolve("upstream.log"));
        Load load = Load.start(programs.java())) {
      try (ChildProcess gateway = prepared.start(upstream.url())) {
        soak.load(gateway, upstream.url(), load);
      }
    }
    return soak.report.build(LedgerCount.of(folder.resolve("data").resolve("ledger")));
  }

  private void load(ChildProcess gateway, String upstream, Load load) throws IOException {
    List<Contestant> kinds = kinds(new Server(gateway.pid(), gateway.url()));
    for (Contestant kind : kinds) {
      Measured most = load.run(kind.turn(CONNECTIONS, options.turn(), 0));
      report.turn(kind.name(), most);
      rates.put(kind.name(), HALF * most.perSecond());
    }
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < options.length().toNanos()) {
      for (Contestant kind : kinds) {
        configure(upstream);
        report.turn(kind.name(), load.run(kind.turn(CONNECTIONS, options.turn(), rate(kind))));
      }
      report.state(ProcessState.of(gateway.pid()));
      long passed = Math.min(System.nanoTime() - begun, options.length().toNanos());
      progress.report(
          "seconds", Duration.ofNanos(passed).toSeconds(), options.length().toSeconds());
    }
    report.turnedAway(turnedAway(gateway.url()));
  }

  /** What was refused before any work, for there was too much: it leaves no entry. */
  private static long turnedAway(String gateway) throws IOException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(gateway + "/metrics")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(request, BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(TURNED_AWAY))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the gateway was asked", e);
    }
  }

  private double rate(Contestant kind) {
    return rates.getOrDefault(kind.name(), 1.0);
  }

  /** An operator's mistake, which the next look finds mended. */
  private void configure(String upstream) throws IOException {
    Path file = prepared.write(upstream, 0);
    if (random.nextDouble() < BROKEN) {
      Files.writeString(file, "tasks: [");
    }
  }

  private List<Contestant> kinds(Server server) throws IOException {
    List<String> cached = Texts.distinct(CACHED, 1);
    Map<String, String> key = prepared.authorization();
    Map<String, String> large = new HashMap<>(key);
    large.put("x-tierwise-policy", "large-only");
    large.put("cache-control", "no-store");
    large.put("x-tierwise-timeout-ms", "2000");
    List<Contestant> kinds = new ArrayList<>();
    kinds.add(kind("exact-cache", server, BenchGateway.TASK, key, cached, false));
    kinds.add(kind("student", server, BenchGateway.TASK, key, Texts.distinct(UNSEEN, 2), false));
    kinds.add(kind("audited", server, BenchGateway.USUAL, key, cached, false));
    kinds.add(kind("large", server, BenchGateway.TASK, large, cached, false));
    kinds.add(kind("large-stream", server, BenchGateway.TASK, large, cached, true));
    return kinds;
  }

  private Contestant kind(
      String name,
      Server server,
      String task,
      Map<String, String> headers,
      List<String> texts,
      boolean stream)
      throws IOException {
    return Contestant.chat(new Asked(name, server, task, ""), headers, texts, stream, folder);
  }
}
