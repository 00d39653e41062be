package io.tierwise.bench.speed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * A gateway's first requests, in the process that serves them: what a cache of loaded and linked
 * classes is made of.
 */
public final class Rehearsal implements AutoCloseable {
  private static final int ROUNDS = 200;

  private final StubUpstream upstream;
  private final BenchGateway prepared;
  private final Path folder;
  private final int port;

  private Rehearsal(StubUpstream upstream, BenchGateway prepared, Path folder, int port) {
    this.upstream = upstream;
    this.prepared = prepared;
    this.folder = folder;
    this.port = port;
  }

  /**
   * @param folder empty
   */
  public static Rehearsal prepare(Path folder) throws IOException {
    StubUpstream upstream = StubUpstream.start();
    Programs none = new Programs(List.of(), List.of(), List.of(), folder);
    return new Rehearsal(upstream, BenchGateway.prepare(folder, none), folder, freePort());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The configuration to serve. */
  public Path config() throws IOException {
    return prepared.write(upstream.url(), port);
  }

  /**
   * Sends the requests, to the gateway that serves {@link #config}.
   *
   * @param serving whether that gateway still runs; it may take its time to start
   */
  public void play(BooleanSupplier serving) throws IOException {
    String url = "http://127.0.0.1:" + port;
    Answering.await(url, serving);
    Contestant.Server own = new Contestant.Server(ProcessHandle.current().pid(), url);
    List<String> texts = List.of("where is my parcel", "the invoice shows the wrong amount");
    Map<String, String> large = new TreeMap<>(prepared.authorization());
    large.put("x-tierwise-policy", "large-only");
    for (String task : List.of(BenchGateway.TASK, BenchGateway.USUAL)) {
      Answering.check(
          Contestant.chat(
              new Contestant.Asked("student", own, task, "student"),
              prepared.authorization(),
              List.of("how do I change my address"),
              false,
              folder));
      Answering.checkAll(
          Contestant.chat(
              new Contestant.Asked("large", own, task, "large"), large, texts, true, folder));
      Contestant cached =
          Contestant.chat(
              new Contestant.Asked("cached", own, task, "exact-cache"),
              prepared.authorization(),
              texts,
              false,
              folder);
      for (int round = 0; round < ROUNDS; round++) {
        Answering.checkAll(cached);
      }
    }
  }

  @Override
  public void close() {
    upstream.close();
  }
}
