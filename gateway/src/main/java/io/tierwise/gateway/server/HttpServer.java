package io.tierwise.gateway.server;

import com.sun.management.UnixOperatingSystemMXBean;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.dialect.DialectError;
import io.tierwise.gateway.dialect.OpenAiDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.gateway.front.Front;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;

/** Serves a gateway over HTTP. The gateway stays its owner's to close, after the server. */
public final class HttpServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());
  private static final int FEWEST_CONNECTIONS = 16;
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final WebServer server;
  private final CallerWatch watch;

  private HttpServer(WebServer server, CallerWatch watch) {
    this.server = server;
    this.watch = watch;
  }

  /**
   * Listens when it returns, with the usual limits.
   *
   * @param port 0 for any free one
   * @throws InvalidValueException when the address cannot be listened on
   */
  public static HttpServer start(Gateway gateway, String host, int port) {
    return start(gateway, new TierwiseConfig.Server(host, port));
  }

  /**
   * Listens when it returns.
   *
   * @throws InvalidValueException when the address cannot be listened on
   */
  public static HttpServer start(Gateway gateway, TierwiseConfig.Server settings) {
    String host = settings.host();
    int port = settings.port();
    requireFree(host, port);
    CallerWatch watch = new CallerWatch();
    WebServer server =
        WebServer.builder()
            .host(host)
            .port(port)
            .routing(HttpRouting.builder().any(handler(Front.of(gateway, settings), watch)))
            .directHandlers(directHandlers())
            .protocolsDiscoverServices(false)
            .addConnectionSelector(watch)
            .maxTcpConnections(mostConnections())
            // Else a stream's first words wait for its headers to be acknowledged: 40 ms.
            .connectionOptions(options -> options.tcpNoDelay(true))
            .shutdownGracePeriod(GRACE)
            .shutdownHook(false)
            .build();
    server.start();
    // It logs and returns when someone else was quicker.
    if (!server.isRunning()) {
      throw taken(host, port);
    }
    return new HttpServer(server, watch);
  }

  /**
   * Half of the descriptors that are left, for a request may need another one outwards. The server
   * ends its listening for good where it cannot accept; those beyond wait until one has closed.
   */
  private static int mostConnections() {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      long left = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
      return Math.clamp(left / 2, FEWEST_CONNECTIONS, Integer.MAX_VALUE);
    }
    return -1;
  }

  /**
   * Finds out whether an address can be listened on, before anything is made for it.
   *
   * @throws InvalidValueException when it cannot
   */
  public static void requireFree(String host, int port) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new InvalidValueException(
          "server.host", "'" + host + "' is no known address", "use 127.0.0.1 or 0.0.0.0");
    }
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address);
    } catch (BindException e) {
      if (String.valueOf(e.getMessage()).contains("in use")) {
        throw taken(host, port);
      }
      throw new InvalidValueException(
          "server",
          host + ":" + port + " cannot be listened on (" + e.getMessage() + ")",
          "use an address of this machine, and a port above 1023");
    } catch (IOException e) {
      throw new UncheckedIOException(host + ":" + port + " cannot be listened on", e);
    }
  }

  private static InvalidValueException taken(String host, int port) {
    return new InvalidValueException(
        "server.port",
        host + ":" + port + " is taken by another program",
        "stop that program, or set another port; 0 picks a free one");
  }

  private static Handler handler(Front front, CallerWatch watch) {
    return (request, response) -> {
      Reply reply = front.answer(new ServerCall(request, watch));
      response.status(Status.create(reply.status()));
      response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
      reply.headers().forEach((name, value) -> response.header(Headers.name(name), value));
      if (reply.inParts()) {
        send(reply, response);
      } else {
        response.send(reply.body());
      }
    };
  }

  /**
   * A caller that leaves in between is known to whoever writes, and is no trouble of the server.
   */
  private static void send(Reply reply, ServerResponse response) {
    try (OutputStream out = response.outputStream()) {
      reply.writeTo(out);
    } catch (IOException | UncheckedIOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a caller left in the middle of its answer", e);
    }
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
