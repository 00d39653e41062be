package io.tierwise.bench.speed;

import io.tierwise.bench.demo.ChildProcess;
import io.tierwise.bench.load.Load;
import io.tierwise.bench.load.Measured;
import io.tierwise.bench.load.UpstreamMain;
import io.tierwise.bench.speed.Contestant.Server;
import io.tierwise.bench.speed.Rounds.Turned;
import io.tierwise.distill.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The gateway beside a bare echo on the same HTTP server, the upstream asked directly, and a public
 * gateway. Every one is a process of its own, on the cores that all share with the load.
 */
public final class GatewayBench {
  static final String ECHO = "echo";
  static final String EXACT_CACHE = "exact-cache";
  static final String STUDENT = "student";
  static final String USUAL = "exact-cache-audited";
  static final String UPSTREAM = "upstream";
  static final String PASS_THROUGH = "pass-through";
  static final String CHAT = "chat";
  static final String PEER = "peer";
  static final String STREAM = "-stream";
  static final String MANY_STREAMS = "many-streams";

  private static final int CONNECTIONS = 64;
  private static final int STREAM_CONNECTIONS = 8;
  private static final int WARM_UP_STREAMS = 256;
  private static final int CACHED = 256;
  private static final int UNSEEN = 20_000;
  private static final int STREAMS = 2000;
  private static final Duration STREAMS_LAST = Duration.ofSeconds(8);
  private static final int WARM_UPS = 8;

  private final Options options;
  private final Programs programs;
  private final Path folder;
  private final Progress progress;
  private final List<String> cached = Texts.distinct(CACHED, 1);

  /**
   * What is measured.
   *
   * @param rounds of which the medians are taken
   * @param turn how long each contestant is loaded in a round
   * @param peer whether the public gateway takes part, where it can
   * @param only those who take part; empty for all
   */
  public record Options(int rounds, Duration turn, boolean peer, List<String> only) {
    public Options {
      only = List.copyOf(only);
    }

    boolean has(String name) {
      return only.isEmpty() || only.contains(name);
    }
  }

  private GatewayBench(Options options, Programs programs, Path folder, Progress progress) {
    this.options = options;
    this.programs = programs;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * @param folder empty; holds what the run needs, and the logs
   */
  public static GatewayReport run(
      Options options, Programs programs, Path folder, Progress progress) throws IOException {
    return new GatewayBench(options, programs, folder, progress).run();
  }

  private GatewayReport run() throws IOException {
    BenchGateway prepared = BenchGateway.prepare(folder, programs);
    try (ChildProcess upstream = upstream();
        ChildProcess echo = ChildProcess.start(programs.echo(), List.of(), log("echo"));
        Load load = Load.start(programs.java());
        PeerSeat peer = PeerSeat.of(options.peer(), programs.cache(), log("peer"))) {
      Optional<GatewayReport.ManyStreams> many =
          options.has(MANY_STREAMS)
              ? Optional.of(manyStreams(prepared, upstream.url(), load))
              : Optional.empty();
      try (ChildProcess gateway = prepared.start(upstream.url())) {
        List<Contestant> whole = new ArrayList<>();
        List<Contestant> streams = new ArrayList<>();
        Server own = server(gateway);
        whole.add(chat(ECHO, server(echo), cached, false, "", Map.of()));
        whole.addAll(tiers(prepared, own));
        asked(whole, streams, prepared, own, upstream, peer.server());
        whole.removeIf(each -> !options.has(each.name()));
        streams.removeIf(each -> !options.has(each.name()));
        return measured(whole, streams, load, many.orElse(null), peer.absent());
      }
    }
  }

  private ChildProcess upstream() throws IOException {
    List<String> command = new ArrayList<>(programs.java());
    command.add(UpstreamMain.class.getName());
    return ChildProcess.start(command, List.of(BenchGateway.LABELS.getFirst()), log("upstream"));
  }

  /** Tiers that answer by themselves. */
  private List<Contestant> tiers(BenchGateway prepared, Server own) throws IOException {
    Map<String, String> key = prepared.authorization();
    List<String> unseen = Texts.distinct(UNSEEN, 2);
    List<Contestant> tiers = new ArrayList<>();
    tiers.add(gateway(EXACT_CACHE, own, BenchGateway.TASK, cached, false, "exact-cache", key));
    tiers.add(gateway(STUDENT, own, BenchGateway.TASK, unseen, false, "student", key));
    tiers.add(gateway(USUAL, own, BenchGateway.USUAL, cached, false, "exact-cache", key));
    // The large model has answered once what the exact cache is to answer.
    Map<String, String> large = with(key, Map.of("x-tierwise-policy", "large-only"));
    for (String task : List.of(BenchGateway.TASK, BenchGateway.USUAL)) {
      Contestant filling = gateway("filling-" + task, own, task, cached, false, "large", large);
      Answering.checkAll(filling);
    }
    return tiers;
  }

  /** The upstream, and those who pass on to it. */
  private void asked(
      List<Contestant> whole,
      List<Contestant> streams,
      BenchGateway prepared,
      Server own,
      ChildProcess upstream,
      Optional<Server> peer)
      throws IOException {
    Map<String, String> large =
        with(
            prepared.authorization(),
            Map.of("x-tierwise-policy", "large-only", "cache-control", "no-store"));
    for (boolean stream : new boolean[] {false, true}) {
      List<Contestant> list = stream ? streams : whole;
      String end = stream ? STREAM : "";
      list.add(chat(UPSTREAM + end, server(upstream), cached, stream, "", Map.of()));
      list.add(gateway(PASS_THROUGH + end, own, BenchGateway.TASK, cached, stream, "large", large));
      if (stream) {
        // A task's stream begins when its answer is whole; a chat's goes through as it comes.
        list.add(gateway(CHAT + end, own, BenchGateway.CHAT, cached, true, "large", large));
      }
      if (peer.isPresent()) {
        Map<String, String> headers = Peer.before(upstream.url());
        list.add(chat(PEER + end, peer.get(), cached, stream, "", headers));
      }
    }
  }

  private GatewayReport measured(
      List<Contestant> whole,
      List<Contestant> streams,
      Load load,
      GatewayReport.@Nullable ManyStreams many,
      Optional<String> peerAbsent)
      throws IOException {
    for (Contestant contestant : whole) {
      Answering.check(contestant);
    }
    rounds("warming up", whole, WARM_UPS, CONNECTIONS, contestant -> 0, load);
    Rounds full = rounds("throughput", whole, options.rounds(), CONNECTIONS, each -> 0, load);
    Rounds half =
        rounds(
            "half load",
            whole,
            options.rounds(),
            CONNECTIONS,
            each -> full.median(each.name(), Turned::perSecond) / 2,
            load);
    Rounds solo = rounds("one at a time", whole, options.rounds(), 1, each -> 0, load);
    // A stream takes 40 ms whatever is done for it: on few connections nothing becomes warm.
    rounds("warming up streams", streams, WARM_UPS, WARM_UP_STREAMS, each -> 0, load);
    Rounds streamed =
        rounds("streams", streams, options.rounds(), STREAM_CONNECTIONS, each -> 0, load);
    return new GatewayReport(
        whole.stream().map(Contestant::name).toList(),
        full,
        half,
        solo,
        streamed,
        many,
        peerAbsent.orElse(null));
  }

  private Rounds rounds(
      String stage,
      List<Contestant> contestants,
      int rounds,
      int connections,
      Rounds.Rate rate,
      Load load)
      throws IOException {
    return Rounds.run(
        new Rounds.Plan(stage, contestants, rounds, connections, options.turn()),
        rate,
        load,
        progress);
  }

  /** A fresh gateway, before a large model of two seconds, with very many streams at once. */
  private GatewayReport.ManyStreams manyStreams(BenchGateway prepared, String upstream, Load load)
      throws IOException {
    try (ChildProcess gateway = prepared.start(upstream)) {
      Map<String, String> large =
          with(
              prepared.authorization(),
              Map.of("x-tierwise-policy", "large-only", "cache-control", "no-store"));
      Contestant slow =
          gateway("slow", server(gateway), BenchGateway.SLOW, cached, true, "large", large);
      Measured measured = load.run(slow.turn(STREAMS, STREAMS_LAST, 0));
      progress.report("many streams", 1, 1);
      return new GatewayReport.ManyStreams(STREAMS, measured, ResidentMemory.most(gateway.pid()));
    }
  }

  private Contestant gateway(
      String name,
      Server own,
      String task,
      List<String> texts,
      boolean stream,
      String tier,
      Map<String, String> headers)
      throws IOException {
    return Contestant.chat(
        new Contestant.Asked(name, own, task, tier), headers, texts, stream, folder);
  }

  private Contestant chat(
      String name,
      Server server,
      List<String> texts,
      boolean stream,
      String tier,
      Map<String, String> headers)
      throws IOException {
    return gateway(name, server, "quick", texts, stream, tier, headers);
  }

  private static Server server(ChildProcess process) {
    return new Server(process.pid(), process.url());
  }

  private static Map<String, String> with(Map<String, String> one, Map<String, String> other) {
    Map<String, String> both = new TreeMap<>(one);
    both.putAll(other);
    return both;
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }
}
