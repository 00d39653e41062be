package io.tierwise.gateway.server;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.DialectError;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.front.Front;
import java.time.Duration;
import java.util.Map;

/** Serves a gateway over HTTP. The gateway stays its owner's to close, after the server. */
public final class HttpServer implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** Longer than any request may take: read ahead of while its caller waits, a socket is in use. */
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(10);

  private final WebServer server;
  private final CallerWatch watch;

  private HttpServer(WebServer server, CallerWatch watch) {
    this.server = server;
    this.watch = watch;
  }

  /**
   * Listens when it returns.
   *
   * @param port 0 for any free one
   * @throws IllegalStateException when the address cannot be listened on
   */
  public static HttpServer start(Gateway gateway, String host, int port) {
    CallerWatch watch = new CallerWatch();
    WebServer server =
        WebServer.builder()
            .host(host)
            .port(port)
            .routing(HttpRouting.builder().any(handler(Front.of(gateway), watch)))
            .directHandlers(directHandlers())
            .protocolsDiscoverServices(false)
            .addConnectionSelector(watch)
            // Only these sockets can be read ahead of.
            .useNio(false)
            .connectionOptions(options -> options.readTimeout(READ_TIMEOUT))
            .shutdownGracePeriod(GRACE)
            .shutdownHook(false)
            .build();
    return new HttpServer(server.start(), watch);
  }

  private static Handler handler(Front front, CallerWatch watch) {
    return (request, response) -> {
      Reply reply = front.answer(new ServerCall(request, watch));
      response.status(Status.create(reply.status()));
      response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
      reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
      response.send(reply.body());
    };
  }

  /** Requests that are not even HTTP are refused in OpenAI's form as well. */
  private static DirectHandlers directHandlers() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (DirectHandler.EventType type : DirectHandler.EventType.values()) {
      handlers.addHandler(
          type,
          (request, event, status, headers, message) ->
              TransportResponse.builder()
                  .status(status)
                  .headers(headers)
                  .header(HeaderNames.CONTENT_TYPE, refusal(status).contentType())
                  .keepAlive(event.keepAlive())
                  .entity(refusal(status).body())
                  .build());
    }
    return handlers.build();
  }

  private static Reply refusal(Status status) {
    return OpenAiDialect.error(status.code(), protocolError(status), Map.of());
  }

  private static DialectError protocolError(Status status) {
    return status.code() < 500
        ? new DialectError(
            "The request cannot be read as HTTP: " + status.reasonPhrase() + ".",
            "invalid_request_error",
            null,
            "invalid_http")
        : new DialectError("The server failed.", "server_error", null, "internal_error");
  }

  public int port() {
    return server.port();
  }

  /** Takes no more requests, and waits for those under way for up to 30 seconds. */
  @Override
  public void close() {
    server.stop();
    watch.close();
  }
}
