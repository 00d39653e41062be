package io.tierwise.bench.speed;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A gateway's first requests, in the process that serves them: what a cache of loaded and linked
 * classes is made of.
 */
public final class Rehearsal implements AutoCloseable {
  private static final int ROUNDS = 200;

  private final HttpServer upstream;
  private final BenchGateway prepared;
  private final Path folder;
  private final int port;

  private Rehearsal(HttpServer upstream, BenchGateway prepared, Path folder, int port) {
    this.upstream = upstream;
    this.prepared = prepared;
    this.folder = folder;
    this.port = port;
  }

  /**
   * @param folder empty
   */
  public static Rehearsal prepare(Path folder) throws IOException {
    byte[] answer =
        """
        {"choices":[{"message":{"role":"assistant","content":"billing"},"finish_reason":"stop"}],"usage":{"prompt_tokens":40,"completion_tokens":2}}\
        """
            .getBytes(StandardCharsets.UTF_8);
    HttpServer upstream =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    upstream.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    upstream.start();
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
    return prepared.write("http://127.0.0.1:" + upstream.getAddress().getPort(), port);
  }

  /** Sends the requests, to the gateway that serves {@link #config}. */
  public void play() throws IOException {
    String url = "http://127.0.0.1:" + port;
    Answering.await(url);
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
    upstream.stop(0);
  }
}
