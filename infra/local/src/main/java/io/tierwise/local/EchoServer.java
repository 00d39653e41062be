package io.tierwise.local;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.InputStream;

/**
 * The least that the gateway's own HTTP server can do: it sends every body back as it came. What a
 * gateway's throughput is measured against.
 */
public final class EchoServer {
  private EchoServer() {}

  /** Serves until the process ends; says on standard output where. */
  public static void main(String[] arguments) {
    WebServer server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .routing(
                HttpRouting.builder()
                    .any((request, response) -> {
                      try (InputStream body = request.content().inputStream()) {
                        response.header(HeaderNames.CONTENT_TYPE, "application/json");
                        response.send(body.readAllBytes());
                      }
                    }))
            .build()
            .start();
    System.out.println("listening on http://127.0.0.1:" + server.port());
  }
}
