package io.tierwise.bench.speed;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A large model in this process that always says the same, for what is not measured itself. */
final class StubUpstream implements AutoCloseable {
  private static final byte[] ANSWER =
      """
      {"choices":[{"message":{"role":"assistant","content":"billing"},"finish_reason":"stop"}],"usage":{"prompt_tokens":40,"completion_tokens":2}}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;

  private StubUpstream(HttpServer server) {
    this.server = server;
  }

  static StubUpstream start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, ANSWER.length);
          exchange.getResponseBody().write(ANSWER);
          exchange.close();
        });
    server.start();
    return new StubUpstream(server);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
