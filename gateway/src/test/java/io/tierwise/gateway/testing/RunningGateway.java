package io.tierwise.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.Gateway;
import io.tierwise.gateway.Services;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.AuditConfig;
import io.tierwise.gateway.config.TierwiseConfig.BudgetConfig;
import io.tierwise.gateway.config.TierwiseConfig.CacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.CorpusConfig;
import io.tierwise.gateway.config.TierwiseConfig.FlywheelConfig;
import io.tierwise.gateway.config.TierwiseConfig.LargeConfig;
import io.tierwise.gateway.config.TierwiseConfig.LedgerConfig;
import io.tierwise.gateway.config.TierwiseConfig.Prices;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.StudentConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.learning.GateDuty;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.gateway.server.HttpServer;
import io.tierwise.gateway.tier.RequestSigner;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.Scope;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A gateway on a real socket before a scripted large model. Time stands still but for latencies;
 * nothing waits between tries.
 */
public final class RunningGateway implements AutoCloseable {
  /** Refuses nothing because the machine is busy with other tests. */
  private static final TierwiseConfig.Server PATIENT =
      new TierwiseConfig.Server("127.0.0.1", 0, 4096, Duration.ofMinutes(1));

  private static final String PRICES =
      """
      region: us-east-1
      prices:
        - {id: big, effectiveFrom: 2026-01-01, source: test, unit: per-token, inputPerMillion: '2.5', outputPerMillion: '10'}
        - {id: call, effectiveFrom: 2026-01-01, source: test, unit: per-request, perRequest: '0.0001'}
        - {id: small, effectiveFrom: 2026-01-01, source: test, unit: per-request, perRequest: '0.0000001'}
        - {id: meaning, effectiveFrom: 2026-01-01, source: test, unit: per-request, perRequest: '0.0000002'}
        - {id: lookup, effectiveFrom: 2026-01-01, source: test, unit: per-request, perRequest: '0.00000001'}
      """;

  public final ScriptedUpstream upstream = new ScriptedUpstream();
  public final MutableClock clock = new MutableClock(Requests.NOW);
  public final Path data;
  private final UnaryOperator<TierwiseConfig> change;
  private final TierwiseConfig.Server settings;
  private final HttpClient http = HttpClient.newHttpClient();
  private Gateway gateway;
  private HttpServer server;
  private String key;

  /** What tests vary. */
  public record Setup(
      Fallback whenLargeUnavailable,
      Fallback whenBudgetExhausted,
      double auditRate,
      Duration timeout,
      int retries,
      List<BudgetConfig> budgets,
      boolean semantic) {
    public static final Setup USUAL =
        new Setup(Fallback.REJECT, Fallback.REJECT, 0, Duration.ofSeconds(20), 0, List.of(), false);

    public Setup whenLargeUnavailable(Fallback fallback) {
      return new Setup(
          fallback, whenBudgetExhausted, auditRate, timeout, retries, budgets, semantic);
    }

    public Setup whenBudgetExhausted(Fallback fallback) {
      return new Setup(
          whenLargeUnavailable, fallback, auditRate, timeout, retries, budgets, semantic);
    }

    public Setup auditRate(double rate) {
      return new Setup(
          whenLargeUnavailable, whenBudgetExhausted, rate, timeout, retries, budgets, semantic);
    }

    public Setup timeout(Duration time) {
      return new Setup(
          whenLargeUnavailable, whenBudgetExhausted, auditRate, time, retries, budgets, semantic);
    }

    public Setup retries(int count) {
      return new Setup(
          whenLargeUnavailable, whenBudgetExhausted, auditRate, timeout, count, budgets, semantic);
    }

    public Setup budgets(BudgetConfig... all) {
      return new Setup(
          whenLargeUnavailable,
          whenBudgetExhausted,
          auditRate,
          timeout,
          retries,
          List.of(all),
          semantic);
    }

    /** With a semantic cache, over a {@link WordEncoder}. */
    public Setup withSemanticCache() {
      return new Setup(
          whenLargeUnavailable, whenBudgetExhausted, auditRate, timeout, retries, budgets, true);
    }
  }

  /** A tenant's budget per day. */
  public static BudgetConfig daily(String tenant, String dollars) {
    return new BudgetConfig(
        List.of(Limit.of(new Scope.OfTenant(new Tenant(tenant)), Period.DAY, Money.of(dollars))));
  }

  public RunningGateway(Path folder, Setup setup) {
    this(folder, setup, UnaryOperator.identity());
  }

  /**
   * @param limits of the server, whose address stays its own
   */
  public RunningGateway(Path folder, Setup setup, TierwiseConfig.Server limits) {
    this(folder, setup, UnaryOperator.identity(), limits);
  }

  /**
   * @param upstreamUrl of another large model than the scripted one
   */
  public RunningGateway(Path folder, Setup setup, String upstreamUrl) {
    this(folder, setup, config -> before(upstreamUrl, config));
  }

  private static TierwiseConfig before(String upstreamUrl, TierwiseConfig config) {
    Upstream gpu = config.upstreams().get("gpu");
    return new TierwiseConfig(
        config.server(),
        config.data(),
        config.budgetData(),
        config.ledger(),
        Map.of(
            "gpu",
            new Upstream(
                upstreamUrl,
                gpu.protocol(),
                gpu.model(),
                null,
                gpu.timeout(),
                gpu.maxConcurrent(),
                gpu.retries(),
                gpu.version())),
        config.prices(),
        config.tasks(),
        config.budgets());
  }

  /**
   * @param change of the configuration that the setup makes
   */
  public RunningGateway(Path folder, Setup setup, UnaryOperator<TierwiseConfig> change) {
    this(folder, setup, change, PATIENT);
  }

  private RunningGateway(
      Path folder,
      Setup setup,
      UnaryOperator<TierwiseConfig> change,
      TierwiseConfig.Server settings) {
    this.settings = settings;
    this.change = change;
    this.data = folder.resolve("data");
    try {
      Files.writeString(folder.resolve("prices.yaml"), PRICES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(folder, setup);
  }

  private void start(Path folder, Setup setup) {
    gateway =
        Gateway.open(
            change.apply(config(folder, setup)),
            new Surroundings(clock, System::nanoTime, new Random(7), pause -> {}),
            name -> null,
            new Services(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Student::load,
                WordEncoder::new,
                WordEncoder::new,
                new SecureRandom(),
                RequestSigner.NONE,
                GateDuty.WATCH));
    key = gateway.firstKey().map(issued -> issued.secretKey()).orElse(key);
    server = HttpServer.start(gateway, settings);
  }

  /** Ends and begins again over the same data. */
  public void restart(Setup setup) {
    server.close();
    gateway.close();
    start(data.getParent(), setup);
  }

  private TierwiseConfig config(Path folder, Setup setup) {
    TaskConfig task =
        new TaskConfig(
            "support",
            List.of("refund", "delivery", "other"),
            new InputForm.Text(),
            new Contract(0.05, 0.05),
            new LargeConfig("gpu", "big", Prompt.standard(Requests.TASK)),
            new StudentConfig("small"),
            new CacheConfig("lookup", Duration.ofHours(24), 1000),
            new SemanticCacheConfig(setup.semantic(), "meaning", Duration.ofHours(24), 1000),
            new AuditConfig(setup.auditRate(), setup.auditRate()),
            setup.whenLargeUnavailable(),
            setup.whenBudgetExhausted(),
            new CorpusConfig(true, Duration.ofDays(90)),
            FlywheelConfig.OFF);
    return new TierwiseConfig(
        settings,
        data,
        data,
        LedgerConfig.DEFAULT,
        Map.of(
            "gpu",
            new Upstream(
                upstream.url(),
                Protocol.OPENAI,
                "big",
                null,
                setup.timeout(),
                4,
                setup.retries(),
                "1")),
        new Prices("us-east-1", List.of(folder.resolve("prices.yaml"))),
        List.of(task),
        setup.budgets());
  }

  public Gateway gateway() {
    return gateway;
  }

  public HttpServer server() {
    return server;
  }

  public String key() {
    return key;
  }

  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Asks for a label, with further headers as name, value, name, value… */
  public Answer ask(String text, String... headers) {
    return post(
        "{\"model\": \"support\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
            .formatted(text),
        headers);
  }

  public Answer post(String body, String... headers) {
    return postTo("/v1/chat/completions", body, headers);
  }

  public Answer postTo(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("authorization", "Bearer " + key)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  public Answer get(String path) {
    return send(
        HttpRequest.newBuilder(URI.create(url() + path)).header("authorization", "Bearer " + key));
  }

  public Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(http.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** GETs over a connection of its own. */
  public static int freshConnection(String url) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All that the ledger holds now. */
  public List<LedgerEntry> ledger() {
    try (var entries = LedgerReader.read(data.resolve("ledger"))) {
      return entries.toList();
    }
  }

  /** What came back. */
  public record Answer(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    public String tier() {
      return header("x-tierwise-tier");
    }

    public JsonNode json() {
      try {
        return new ObjectMapper().readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(response.body(), e);
      }
    }

    public String label() {
      return json().path("choices").path(0).path("message").path("content").textValue();
    }

    /** Status, param and code of an error. */
    public String error() {
      JsonNode error = json().path("error");
      return status() + " " + error.path("param").asText() + " " + error.path("code").asText();
    }
  }

  @Override
  public void close() {
    server.close();
    gateway.close();
    upstream.close();
  }
}
