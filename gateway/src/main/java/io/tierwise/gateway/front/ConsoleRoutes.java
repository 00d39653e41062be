package io.tierwise.gateway.front;

import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.console.Console;
import io.tierwise.gateway.console.Span;
import io.tierwise.gateway.dialect.ConsoleDialect;
import io.tierwise.gateway.dialect.Reply;
import io.tierwise.router.InvalidValueException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The console: a static page that anyone may load, and the data behind it, which need an
 * administrator's key. The page may load nothing from elsewhere and run nothing that is not a file.
 */
final class ConsoleRoutes {
  private static final String OWN = "/io/tierwise/gateway/console/";
  private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final String STYLE = "text/css; charset=utf-8";
  private static final String PAGE = "console.html";

  private static final Map<String, String> GUARDS =
      Map.of(
          "content-security-policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "x-content-type-options",
          "nosniff",
          "x-frame-options",
          "DENY",
          "referrer-policy",
          "no-referrer",
          "cross-origin-opener-policy",
          "same-origin",
          "cross-origin-resource-policy",
          "same-origin",
          "permissions-policy",
          "camera=(), geolocation=(), microphone=()");

  private static final Map<String, File> FILES =
      Map.of(
          PAGE,
          new File(OWN + PAGE, "text/html; charset=utf-8"),
          "console.css",
          new File(OWN + "console.css", STYLE),
          "console.js",
          new File(OWN + "console.js", SCRIPT),
          "charts.js",
          new File(OWN + "charts.js", SCRIPT),
          "decision.js",
          new File(OWN + "decision.js", SCRIPT),
          "elements.js",
          new File(OWN + "elements.js", SCRIPT),
          "icon.svg",
          new File(OWN + "icon.svg", "image/svg+xml"),
          "uplot.js",
          new File(CHARTS + "uPlot.iife.min.js", SCRIPT),
          "uplot.css",
          new File(CHARTS + "uPlot.min.css", STYLE));

  private final Gateway gateway;
  private final Callers callers;

  /** A file of the page. */
  private record File(String resource, String type) {}

  ConsoleRoutes(Gateway gateway, Callers callers) {
    this.gateway = gateway;
    this.callers = callers;
  }

  void addTo(Paths paths) {
    paths
        .plain("/console", (request, requestId) -> file(PAGE))
        .plain("/console/{file}", (request, requestId) -> file(request.parameter("file")))
        .plain("/v1/console/overview/{span}", this::overview)
        .plain("/v1/console/requests/{request}", this::decision);
  }

  private static Reply file(String name) {
    File file = FILES.get(name);
    byte[] content = file == null ? null : content(file.resource());
    if (file == null || content == null) {
      throw ConsoleDialect.noFile(name);
    }
    return Reply.of(200, file.type(), content).with(headers("no-cache"));
  }

  private static byte @Nullable [] content(String resource) {
    try (InputStream stream = ConsoleRoutes.class.getResourceAsStream(resource)) {
      return stream == null ? null : stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply overview(Call request, String requestId) {
    callers.requireAdmin(request);
    try {
      Span span = Span.of(request.parameter("span"));
      return ConsoleDialect.encode(console().overview(span)).with(headers("no-store"));
    } catch (InvalidValueException e) {
      throw ConsoleDialect.refused(e);
    }
  }

  private Reply decision(Call request, String requestId) {
    callers.requireAdmin(request);
    String wanted = request.parameter("request");
    return console()
        .decision(wanted)
        .map(decision -> ConsoleDialect.encode(decision).with(headers("no-store")))
        .orElseThrow(() -> ConsoleDialect.unknown(wanted));
  }

  private Console console() {
    return gateway.console().orElseThrow(ConsoleDialect::elsewhere);
  }

  private static Map<String, String> headers(String caching) {
    Map<String, String> headers = new LinkedHashMap<>(GUARDS);
    headers.put("cache-control", caching);
    return headers;
  }
}
