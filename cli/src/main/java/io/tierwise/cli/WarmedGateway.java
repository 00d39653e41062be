package io.tierwise.cli;

import com.sun.net.httpserver.HttpServer;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.local.lambda.BareFunction;
import io.tierwise.local.lambda.ColdStarts;
import io.tierwise.local.lambda.FunctionSettings;
import io.tierwise.local.lambda.HttpApi;
import io.tierwise.local.lambda.HttpRoute;
import io.tierwise.local.lambda.LambdaServer;
import io.tierwise.local.lambda.Template;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The gateway's function with all it needs to answer, on this machine: a key and a large model. */
final class WarmedGateway implements AutoCloseable {
  private static final String BODY =
      "{\"model\":\"support\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
  private static final byte[] LABEL =
      "{\"outputs\":[{\"label\":\"other\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}"
          .getBytes(StandardCharsets.UTF_8);

  private final Path work;
  private final HttpServer large;
  private final String key;
  private final FunctionSettings gateway;

  private WarmedGateway(Path work, HttpServer large, String key, FunctionSettings gateway) {
    this.work = work;
    this.large = large;
    this.key = key;
    this.gateway = gateway;
  }

  /**
   * @param folders the functions' packages, by name
   */
  static WarmedGateway open(Path home, Map<String, Path> folders) throws IOException {
    Path work = Files.createTempDirectory("tierwise-cold-start");
    Path data = Files.createDirectories(work.resolve("data"));
    HttpServer large = large();
    String key;
    try (Database database = Database.open(data)) {
      key =
          new KeyStore(database, Clock.systemUTC(), new SecureRandom())
              .add(new Tenant("bench"), "bench")
              .secretKey();
    }
    Template.Function function =
        Template.read(home).functions().stream()
            .filter(each -> each.name().equals("gateway"))
            .findFirst()
            .orElseThrow();
    FunctionSettings settings =
        new FunctionSettings(
            "gateway",
            Objects.requireNonNull(folders.get("gateway")),
            function.handler(),
            function.memory(),
            function.timeout(),
            1,
            Map.of("TIERWISE_CONFIG_TEXT", configuration(data, large), "TIERWISE_LEDGER", "log"),
            true,
            List.of());
    return new WarmedGateway(work, large, key, settings);
  }

  private static HttpServer large() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/invocations",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, LABEL.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(LABEL);
          }
        });
    server.start();
    return server;
  }

  private static String configuration(Path data, HttpServer large) {
    return """
    data: %s
    upstreams:
      large:
        url: http://127.0.0.1:%d
        protocol: invocations
        model: stand-in
    tasks:
      - name: support
        labels: [refund, delivery, other]
        contract: {epsilon: 0.05, delta: 0.05}
        large: {upstream: large, price: gpt-4o}
        audit: {openRate: 0, shutRate: 0}
    """
        .formatted(data, large.getAddress().getPort());
  }

  ColdStarts starts() {
    return new ColdStarts(gateway, event(), work.resolve("logs"));
  }

  private byte[] event() {
    return """
    {"version": "2.0", "rawPath": "/v1/chat/completions",
     "headers": {"authorization": "Bearer %s", "content-type": "application/json"},
     "requestContext": {"http": {"method": "POST"}}, "isBase64Encoded": false,
     "body": "%s"}
    """
        .formatted(key, BODY.replace("\"", "\\\""))
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What a warm sandbox takes, in milliseconds.
   *
   * @param residentBytes of the gateway's process after all requests
   */
  record Warm(
      double gatewayMedian,
      double gatewayTail,
      double bareMedian,
      double bareTail,
      long residentBytes) {}

  /** Asks both functions in turn, so that what else the machine does touches both alike. */
  Warm warm(int requests) throws IOException, InterruptedException {
    FunctionSettings bare =
        new FunctionSettings(
            "bare",
            barePackage(),
            BareFunction.class.getName(),
            gateway.memoryMegabytes(),
            gateway.timeout(),
            1,
            Map.of(),
            true,
            List.of());
    List<HttpRoute> routes =
        List.of(
            new HttpRoute("POST", "/v1/chat/completions", "gateway"),
            new HttpRoute("POST", "/bare", "bare"));
    try (LambdaServer lambda = LambdaServer.start(List.of(gateway, bare), work.resolve("logs"), 0);
        HttpApi api = HttpApi.start(lambda, routes, 0);
        HttpClient client = HttpClient.newHttpClient()) {
      double[] gatewayMillis = new double[requests];
      double[] bareMillis = new double[requests];
      // As many before as are measured: both are to be warm, not just started.
      for (int i = -requests; i < requests; i++) {
        double one = ask(client, api.url() + "/v1/chat/completions");
        double other = ask(client, api.url() + "/bare");
        if (i >= 0) {
          gatewayMillis[i] = one;
          bareMillis[i] = other;
        }
      }
      Arrays.sort(gatewayMillis);
      Arrays.sort(bareMillis);
      return new Warm(
          at(gatewayMillis, 0.5),
          at(gatewayMillis, 0.99),
          at(bareMillis, 0.5),
          at(bareMillis, 0.99),
          lambda.residentBytes("gateway"));
    }
  }

  private static double at(double[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(quantile * sorted.length))];
  }

  private double ask(HttpClient client, String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .timeout(Duration.ofSeconds(30))
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
    long start = System.nanoTime();
    var response = client.send(request, BodyHandlers.ofString());
    double millis = (System.nanoTime() - start) / 1e6;
    if (response.statusCode() != 200) {
      throw new IOException(url + " answered " + response.statusCode() + ": " + response.body());
    }
    return millis;
  }

  private Path barePackage() throws IOException {
    String name = BareFunction.class.getName().replace('.', '/') + ".class";
    Path folder = work.resolve("bare");
    Path target = folder.resolve(name);
    Files.createDirectories(target.getParent());
    try (InputStream in = BareFunction.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is not in this program");
      }
      Files.copy(in, target);
    }
    return folder;
  }

  @Override
  public void close() throws IOException {
    large.stop(0);
    DurableFiles.delete(work);
  }
}
