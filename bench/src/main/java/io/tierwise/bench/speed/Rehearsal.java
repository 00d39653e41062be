package io.tierwise.bench.speed;

import io.tierwise.bench.demo.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A gateway's start and first requests, as the Java machine that serves them is to remember: what
 * it is told to make its cache of loaded and linked classes from. It serves and does nothing else,
 * for what a cache holds is loaded at every start.
 */
public final class Rehearsal {
  private static final int ROUNDS = 200;
  private static final long MINUTES_TO_END = 5;

  private final Contestant.Server server;
  private final BenchGateway prepared;
  private final Path folder;

  private Rehearsal(Contestant.Server server, BenchGateway prepared, Path folder) {
    this.server = server;
    this.prepared = prepared;
    this.folder = folder;
  }

  /**
   * Returns when the gateway has answered and has ended, its cache written.
   *
   * @param tierwise runs this command line in a Java machine that makes its cache when it ends
   * @param folder empty
   */
  public static void run(List<String> tierwise, Path folder) throws IOException {
    BenchGateway prepared =
        BenchGateway.prepare(folder, new Programs(tierwise, List.of(), List.of(), folder));
    try (StubUpstream upstream = StubUpstream.start();
        ChildProcess gateway = prepared.start(upstream.url())) {
      new Rehearsal(new Contestant.Server(gateway.pid(), gateway.url()), prepared, folder).play();
      end(gateway.pid());
    }
  }

  private static void end(long pid) throws IOException {
    ProcessHandle gateway = ProcessHandle.of(pid).orElseThrow(() -> new IOException("it ended"));
    gateway.destroy();
    try {
      gateway.onExit().orTimeout(MINUTES_TO_END, TimeUnit.MINUTES).join();
    } catch (CompletionException e) {
      throw new IOException("the rehearsed gateway does not end", e);
    }
  }

  private void play() throws IOException {
    List<String> texts = List.of("where is my parcel", "the invoice shows the wrong amount");
    Map<String, String> large = new TreeMap<>(prepared.authorization());
    large.put("x-tierwise-policy", "large-only");
    for (String task : List.of(BenchGateway.TASK, BenchGateway.USUAL)) {
      Answering.check(
          Contestant.chat(
              new Contestant.Asked("student", server, task, "student"),
              prepared.authorization(),
              List.of("how do I change my address"),
              false,
              folder));
      Answering.checkAll(
          Contestant.chat(
              new Contestant.Asked("large", server, task, "large"), large, texts, true, folder));
      Contestant cached =
          Contestant.chat(
              new Contestant.Asked("cached", server, task, "exact-cache"),
              prepared.authorization(),
              texts,
              false,
              folder);
      for (int round = 0; round < ROUNDS; round++) {
        Answering.checkAll(cached);
      }
    }
  }
}
