package io.tierwise.gateway.server;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.tierwise.gateway.Gateway;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** What those who run the gateway ask: health, metrics, the API's description. They need no key. */
final class OperationsRoutes {
  private static final String JSON = "application/json; charset=utf-8";
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Gateway gateway;

  OperationsRoutes(Gateway gateway) {
    this.gateway = gateway;
  }

  void addTo(Paths paths) {
    for (String prefix : List.of("/health", "/v2/health")) {
      paths
          .plain(prefix + "/live", json(() -> true, "live"))
          .plain(prefix + "/ready", json(gateway::ready, "ready"));
    }
    paths.plain("/metrics", metrics()).plain("/openapi.json", description());
  }

  private static Handler json(BooleanSupplier state, String name) {
    return (request, response) -> {
      boolean well = state.getAsBoolean();
      response.status(well ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
      response.header(HeaderNames.CONTENT_TYPE, JSON);
      response.send(("{\"" + name + "\":" + well + "}").getBytes(StandardCharsets.UTF_8));
    };
  }

  private static Handler description() {
    byte[] openApi = resource("openapi.json");
    return (request, response) -> {
      response.header(HeaderNames.CONTENT_TYPE, JSON);
      response.send(openApi);
    };
  }

  private static byte[] resource(String name) {
    try (InputStream stream = OperationsRoutes.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Handler metrics() {
    return (request, response) -> {
      response.header(HeaderNames.CONTENT_TYPE, PROMETHEUS_TEXT);
      response.send(gateway.metrics().scrape().getBytes(StandardCharsets.UTF_8));
    };
  }
}
