package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the wire looks like, whatever the tiers say. */
class HttpServerTest {
  @TempDir private static Path folder;
  private static RunningGateway running;

  @BeforeAll
  static void start() {
    running = new RunningGateway(folder, Setup.USUAL);
  }

  @AfterAll
  static void stop() {
    running.close();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(running.url() + path));
  }

  @Test
  void answersACompleteChatCompletion() {
    Answer answer = running.ask("I want my money back");
    assertEquals(200, answer.status());
    assertEquals("application/json; charset=utf-8", answer.header("content-type"));
    String id = answer.header("x-tierwise-request-id");
    JsonNode json = answer.json();
    assertEquals("chatcmpl-" + id, json.path("id").asText());
    assertEquals("chat.completion", json.path("object").asText());
    assertEquals(1772366400, json.path("created").asLong());
    assertEquals("support", json.path("model").asText());
    assertEquals("refund", answer.label());
    assertEquals("stop", json.path("choices").path(0).path("finish_reason").asText());
    assertEquals(21, json.path("usage").path("total_tokens").asInt());
    assertEquals("big@1", json.path("system_fingerprint").asText());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Basic abc", "Bearer", "Bearer ", "Bearer tw_000000000000_00", "Bearer x y"})
  void wantsAKey(String authorization) {
    HttpRequest.Builder request =
        request("/v1/chat/completions").POST(HttpRequest.BodyPublishers.ofString("{}"));
    if (!authorization.isEmpty()) {
      request.header("authorization", authorization);
    }
    Answer answer = running.send(request);
    assertEquals(401, answer.status());
    assertEquals("Bearer", answer.header("www-authenticate"));
    assertEquals("invalid_request_error", answer.json().path("error").path("type").asText());
    assertTrue(answer.json().path("error").path("code").asText().endsWith("_api_key"));
    assertEquals(401, running.send(request("/v1/models")).status());
  }

  @Test
  void refusesARevokedKeyAtOnce() {
    try (Database database = Database.open(running.data)) {
      KeyStore keys = new KeyStore(database, running.clock, new SecureRandom());
      var issued = keys.add(new Tenant("acme"), "made by another process");
      HttpRequest.Builder models =
          request("/v1/models").header("authorization", "bearer " + issued.secretKey());
      assertEquals(200, running.send(models).status());
      keys.revoke(issued.id());
      assertEquals("401 Authorization invalid_api_key", running.send(models).error());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                | 400 null invalid_json
          `{"model": "support"`             | 400 null invalid_json
          `{"model": "gpt-4o"}`             | 404 model model_not_found
          `{"model": "support"}`            | 400 messages missing_required_parameter
          `{"model": "support", "messages": [{"role": "user", "content": "a"}], "tools": []}` | 400 tools unsupported_parameter
          """)
  void refusesBadBodiesInOpenAisForm(String body, String expected) {
    Answer answer = running.post(body);
    assertEquals(expected, answer.error());
    assertEquals(36, answer.header("x-tierwise-request-id").length());
  }

  @Test
  void refusesAnUnknownPolicy() {
    assertEquals(
        "400 x-tierwise-policy invalid_value",
        running.ask("hi", "x-tierwise-policy", "fastest").error());
  }

  @Test
  void refusesABodyOfMoreThanAMebibyteAndServesTheNextRequest() {
    String large = "x".repeat(3 * 1024 * 1024);
    Answer answer = running.post(large);
    assertEquals("413 body request_too_large", answer.error());
    Answer chunked =
        running.send(
            request("/v1/chat/completions")
                .header("authorization", "Bearer " + running.key())
                .POST(
                    HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofString(large))));
    assertEquals("413 body request_too_large", chunked.error());
    assertEquals(200, running.ask("hi").status());
  }

  @Test
  void knowsItsPathsAndTheirMethods() {
    assertEquals("404 null not_found", running.get("/v1/completions").error());
    assertEquals("404 null not_found", running.get("/").error());
    Answer wrongMethod = running.get("/v1/chat/completions");
    assertEquals("405 null method_not_allowed", wrongMethod.error());
    assertEquals("POST", wrongMethod.header("allow"));
    assertEquals(405, running.send(request("/health/live").DELETE()).status());
  }

  @Test
  void listsModels() {
    assertEquals(
        "support", running.get("/v1/models").json().path("data").path(0).path("id").asText());
    assertEquals("support", running.get("/v1/models/support").json().path("id").asText());
    assertEquals("404 model model_not_found", running.get("/v1/models/gpt-4o").error());
  }

  @Test
  void tellsItsHealthWithoutAKey() {
    for (String prefix : List.of("/health", "/v2/health")) {
      Answer live = running.send(request(prefix + "/live"));
      assertEquals("{\"live\":true}", live.response().body());
      Answer ready = running.send(request(prefix + "/ready"));
      assertEquals("{\"ready\":true}", ready.response().body());
    }
  }

  @Test
  void showsMetrics() {
    running.ask("a text for the metrics");
    running.post("{");
    String metrics = running.send(request("/metrics")).response().body();
    assertTrue(
        metrics.contains(
            "tierwise_requests_total{outcome=\"answered\",task=\"support\",tier=\"large\"}"),
        metrics);
    assertTrue(metrics.contains("tierwise_attempt_seconds_count{task=\"support\",tier=\"large\"}"));
    assertTrue(metrics.contains("tierwise_cost_usd_total{task=\"support\",tier=\"large\"}"));
    assertTrue(metrics.contains("tierwise_counterfactual_usd_total{task=\"support\"}"));
    assertTrue(metrics.contains("tierwise_saved_usd{task=\"support\"}"));
    assertTrue(metrics.contains("tierwise_gate_state{state=\"observe\",task=\"support\"} 1.0"));
    assertTrue(metrics.contains("tierwise_breaker_state{state=\"closed\",upstream=\"gpu\"} 1.0"));
    assertTrue(metrics.contains("tierwise_audit_queue_depth{task=\"support\"} 0.0"));
    assertTrue(metrics.contains("tierwise_http_responses_total{status=\"400\"}"));
  }

  @Test
  void refusesWhatIsNotHttpInOpenAisForm() throws IOException {
    String answer = raw("NONSENSE\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
    assertTrue(answer.contains("\"code\":\"invalid_http\""), answer);
    String broken =
        raw(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + running.key()
                + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    assertTrue(broken.startsWith("HTTP/1.1 400"), broken);
  }

  @Test
  void survivesACallerThatLeavesInTheMiddle() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.server().port())) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                      + running.key()
                      + "\r\nContent-Length: 100\r\n\r\n{\"model\"")
                  .getBytes(StandardCharsets.US_ASCII));
    }
    assertEquals(200, running.ask("hi").status());
    assertNull(running.ask("hi").header("retry-after"));
  }

  @Test
  void saysThatItsStoreIsInTroubleWithTheIdUnderWhichTheLogHasIt(@TempDir Path other) {
    try (RunningGateway broken = new RunningGateway(other, Setup.USUAL)) {
      broken.gateway().close();
      Answer answer = broken.ask("hi");
      String id = answer.header("x-tierwise-request-id");
      assertEquals("503 null store_trouble", answer.error());
      assertTrue(Integer.parseInt(answer.header("retry-after")) > 0);
      assertTrue(answer.json().path("error").path("message").asText().contains(id));
      assertEquals(503, broken.get("/health/ready").status());
      assertEquals(200, broken.get("/health/live").status());
    }
  }

  private static String raw(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.server().port())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      socket.shutdownOutput();
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
