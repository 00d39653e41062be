package io.tierwise.gateway.front;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.dialect.Reply;
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

  private static Exchanges.Route json(BooleanSupplier state, String name) {
    return (request, requestId) -> {
      boolean well = state.getAsBoolean();
      byte[] body = ("{\"" + name + "\":" + well + "}").getBytes(StandardCharsets.UTF_8);
      return Reply.of(well ? 200 : 503, JSON, body);
    };
  }

  private static Exchanges.Route description() {
    byte[] openApi = resource("/io/tierwise/gateway/server/openapi.json");
    return (request, requestId) -> Reply.of(200, JSON, openApi);
  }

  private static byte[] resource(String name) {
    try (InputStream stream = OperationsRoutes.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Exchanges.Route metrics() {
    return (request, requestId) ->
        Reply.of(200, PROMETHEUS_TEXT, gateway.metrics().scrape().getBytes(StandardCharsets.UTF_8));
  }
}
