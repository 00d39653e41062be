package io.tierwise.gateway;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.held;
import static io.tierwise.gateway.testing.ScriptedUpstream.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.server.HttpServer;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a change of the configuration does to a gateway that runs. */
class ReloadTest {
  private static final String PRICES =
      """
      region: us-east-1
      prices:
        - {id: big, effectiveFrom: 2026-01-01, source: test, unit: per-token, inputPerMillion: '2.5', outputPerMillion: '10'}
        - {id: small, effectiveFrom: 2026-01-01, source: test, unit: per-request, perRequest: '0.0000001'}
        - {id: lookup, effectiveFrom: 2026-01-01, source: test, unit: per-request, perRequest: '0.00000001'}
      """;

  @TempDir private Path folder;

  private final ScriptedUpstream first = new ScriptedUpstream();
  private final ScriptedUpstream second = new ScriptedUpstream();
  private final HttpClient http = HttpClient.newHttpClient();
  private Path file;
  private Gateway gateway;
  private HttpServer server;
  private String key;
  private String last;

  @BeforeEach
  void start() throws IOException {
    file = folder.resolve("tierwise.yaml");
    Files.writeString(folder.resolve("prices.yaml"), PRICES);
    Files.writeString(file, text());
    MutableClock clock = new MutableClock(Requests.NOW);
    gateway =
        Gateway.open(
            ConfigFile.load(file, clock),
            new Surroundings(clock, System::nanoTime, new Random(7), pause -> {}),
            name -> null);
    gateway.follow(file);
    key = gateway.firstKey().orElseThrow().secretKey();
    server = HttpServer.start(gateway, "127.0.0.1", 0);
  }

  @AfterEach
  void stop() {
    server.close();
    gateway.close();
    first.close();
    second.close();
  }

  private String text() {
    return """
    server: {port: 8080}
    prices: {files: [prices.yaml]}
    upstreams:
      gpu: {url: %s, retries: 0}
    tasks:
      - name: support
        labels: [refund, delivery]
        contract: {epsilon: 0.05}
        large: {upstream: gpu, price: big}
        student: {price: small}
        exactCache: {price: lookup}
        audit: {shutRate: 0}
    """
        .formatted(first.url());
  }

  /** One look sees a change, the next one that it has come to rest. */
  private void change(String text) throws IOException {
    Files.writeString(file, text);
    look();
  }

  private void look() {
    gateway.look();
    gateway.look();
    gateway.look();
  }

  private HttpResponse<String> ask(String task, String content) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.port() + "/v1/chat/completions"))
            .header("authorization", "Bearer " + key)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\": \"%s\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
                        .formatted(task, content)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      last = answer.body();
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("none");
  }

  private String metrics() {
    return gateway.metrics().scrape();
  }

  @Test
  void anUnchangedFileIsNoReload() {
    Servings servings = gateway.servings();
    Serving before = servings.now();
    look();
    assertSame(before, servings.now());
    assertTrue(metrics().contains("tierwise_config_ok 1.0"), metrics());
    assertTrue(metrics().contains("tierwise_config_reloads_total{outcome=\"taken\"} 0.0"));
  }

  @Test
  void servesANewTaskFromANewUpstreamAndForgetsThemAgain() throws IOException {
    second.otherwise(answer("urgent", 20, 1));
    String more =
        text().replace("tasks:", "  other: {url: " + second.url() + "}\ntasks:")
            + """
              - name: triage
                labels: [urgent, calm]
                large: {upstream: other, price: big}
            """;
    assertEquals(404, ask("triage", "x").statusCode());
    ServingTask support = gateway.servings().now().task("support");

    change(more);

    assertEquals(200, ask("triage", "x").statusCode());
    assertEquals(200, ask("support", "x").statusCode());
    assertSame(support, gateway.servings().now().task("support"));
    assertTrue(metrics().contains("tierwise_gate_state{state=\"observe\",task=\"triage\"} 1.0"));
    assertTrue(metrics().contains("{state=\"closed\",upstream=\"other\"} 1.0"));

    change(text());

    assertEquals(404, ask("triage", "x").statusCode());
    assertFalse(metrics().contains("tierwise_gate_state{state=\"observe\",task=\"triage\"}"));
    assertFalse(metrics().contains("upstream=\"other\""));
    assertEquals(0, gateway.servings().waiting());
  }

  @Test
  void holdsATaskToItsNewContract() throws IOException {
    change(text().replace("epsilon: 0.05", "epsilon: 0.02"));
    assertEquals(0.02, gateway.contract("support").contract().epsilon());
    assertEquals(200, ask("support", "x").statusCode());
  }

  @Test
  void chargesTheNewPriceOfAPriceFile() throws IOException {
    assertEquals("0.00006001", header(ask("support", "x"), "x-tierwise-cost-usd"), () -> last);
    Files.writeString(folder.resolve("prices.yaml"), PRICES.replace("'2.5'", "'5'"));
    look();
    assertEquals("0.00011001", header(ask("support", "y"), "x-tierwise-cost-usd"));
    assertEquals("0.00011001", header(ask("support", "x"), "x-tierwise-cost-usd"));
  }

  @Test
  void aBrokenFileChangesNothingAndIsShownUntilItIsMended() throws IOException {
    Serving before = gateway.servings().now();

    change(text().replace("0.05", "5"));
    assertSame(before, gateway.servings().now());
    assertTrue(metrics().contains("tierwise_config_ok 0.0"), metrics());
    assertTrue(metrics().contains("tierwise_config_reloads_total{outcome=\"refused\"} 1.0"));
    assertTrue(gateway.ready());
    assertEquals(200, ask("support", "x").statusCode());

    Files.delete(file);
    look();
    assertSame(before, gateway.servings().now());
    assertTrue(metrics().contains("tierwise_config_reloads_total{outcome=\"refused\"} 2.0"));

    change(text());
    assertSame(before, gateway.servings().now());
    assertTrue(metrics().contains("tierwise_config_ok 1.0"));
    assertTrue(metrics().contains("tierwise_config_reloads_total{outcome=\"taken\"} 0.0"));
  }

  @Test
  void aBrokenPriceFileIsWatchedUntilItIsMended() throws IOException {
    Path more = Files.writeString(folder.resolve("more.yaml"), "region: [");
    change(text().replace("[prices.yaml]", "[prices.yaml, more.yaml]"));
    assertTrue(metrics().contains("tierwise_config_ok 0.0"));
    Files.writeString(more, PRICES.replace("'2.5'", "'5'"));
    look();
    assertTrue(metrics().contains("tierwise_config_ok 1.0"));
    assertEquals("0.00011001", header(ask("support", "y"), "x-tierwise-cost-usd"));
  }

  @Test
  void refusesWhatNeedsARestartAndTakesNothingElseWithIt() throws IOException {
    Serving before = gateway.servings().now();
    change("data: elsewhere\n" + text().replace("8080", "9090").replace("0.05", "0.02"));
    assertSame(before, gateway.servings().now());
    assertTrue(metrics().contains("tierwise_config_ok 0.0"));
  }

  @Test
  void anEndpointWithoutItsKeyIsRefused() throws IOException {
    change(text().replace("retries: 0", "retries: 0, apiKeyFrom: NOT_SET"));
    assertTrue(metrics().contains("tierwise_config_ok 0.0"));
    assertEquals(200, ask("support", "x").statusCode());
  }

  @Test
  void aRequestUnderWayEndsUnderTheConfigurationItBeganUnder() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    first.then(held(arrived, release, answer("delivery", 20, 1)));
    InferenceRequest request =
        Requests.classify(
            Requests.task("support", "refund", "delivery"),
            "acme",
            CacheUse.ALLOWED,
            "old",
            Duration.ofSeconds(30));
    CompletableFuture<Decision> old = CompletableFuture.supplyAsync(() -> gateway.answer(request));
    arrived.await();

    change(text().replace(first.url(), second.url()).replace("delivery", "other"));
    look();

    assertEquals(200, ask("support", "new").statusCode());
    assertEquals(1, second.calls().size());
    assertEquals(1, gateway.servings().waiting());
    release.countDown();
    Decision.Answered answered = assertInstanceOf(Decision.Answered.class, old.get());
    assertEquals(
        new Label("delivery"),
        assertInstanceOf(Answer.Classified.class, answered.answer()).label());
    look();
    assertEquals(0, gateway.servings().waiting());
  }

  @Test
  void keepsTheBreakerOfAnUpstreamThatDidNotChange() throws IOException {
    first.otherwise(status(500));
    for (int i = 0; i < 5; i++) {
      ask("support", "question " + i);
    }
    String open = "tierwise_breaker_state{state=\"open\",upstream=\"gpu\"} 1.0";
    assertTrue(metrics().contains(open), metrics());
    change(text().replace("epsilon: 0.05", "epsilon: 0.02"));
    assertTrue(metrics().contains(open));
    change(text().replace("retries: 0", "retries: 1"));
    assertFalse(metrics().contains(open));
  }

  @Test
  void aBudgetGivenDuringTheDayCountsWhatWasSpentBefore() throws IOException {
    ask("support", "x");
    change(text() + "budgets: [{tenant: default, daily: '0.00006'}]\n");
    assertEquals(429, ask("support", "y").statusCode());
    change(text());
    assertEquals(200, ask("support", "y").statusCode());
  }
}
