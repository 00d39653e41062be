package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.events;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatModel;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chat between two scripted upstreams, through the server. */
final class ChatPassThroughTest {
  private static final String QUESTION =
      """
      {"model":"%s","messages":[{"role":"user","content":[{"type":"text","text":"Hello"},\
      {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}],\
      "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],\
      "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{}}},"n":2,\
      "logprobs":true,"stop":["\\n"],"seed":7,"temperature":0.7,"x_unknown":{"kept":[1,2.50]}%s}\
      """;

  private final ScriptedUpstream weak = new ScriptedUpstream();
  private RunningGateway gateway;

  @TempDir Path folder;

  @BeforeEach
  void start() {
    gateway = new RunningGateway(folder, Setup.USUAL, this::withChat);
  }

  @AfterEach
  void end() {
    gateway.close();
    weak.close();
  }

  private TierwiseConfig withChat(TierwiseConfig config) {
    Map<String, Upstream> upstreams = new LinkedHashMap<>(config.upstreams());
    Upstream strong = upstreams.get("gpu");
    assertNotNull(strong);
    Duration patience = Duration.ofSeconds(20);
    upstreams.put("strong", upstream(strong.url(), "big-chat", patience));
    upstreams.put("hasty", upstream(strong.url(), "big-chat", Duration.ofSeconds(1)));
    upstreams.put("weak", upstream(weak.url(), "small-chat", patience));
    return new TierwiseConfig(
        config.server(),
        config.data(),
        config.budgetData(),
        config.ledger(),
        upstreams,
        config.prices(),
        config.tasks(),
        config.budgets(),
        List.of(
            new ChatConfig(
                "assistant",
                new ChatModel("strong", "big"),
                new ChatModel("weak", "big"),
                new Contract(0.05, 0.05)),
            new ChatConfig(
                "hasty",
                new ChatModel("hasty", "big"),
                new ChatModel("weak", "big"),
                new Contract(0.05, 0.05))));
  }

  private static Upstream upstream(String url, String model, Duration timeout) {
    return new Upstream(url, Protocol.OPENAI, model, null, timeout, 4, 0, "1");
  }

  private Answer ask(String model, String more) {
    return gateway.post(QUESTION.formatted(model, more));
  }

  private LedgerEntry entry() {
    List<LedgerEntry> all = gateway.ledger();
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private static String delta(String text) {
    return "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text
        + "\"}}]}";
  }

  private static final String FINISH =
      "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final String USAGE =
      "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":5}}";

  @Test
  void whatIsAskedArrivesUnchangedButForTheModelAndTheAnswerComesBackByteForByte() {
    String answer =
        "{\"id\":\"x\",  \"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"content\":null,\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\"}]}}],"
            + "\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":4},\"new_field\":1.50}";
    gateway.upstream.then(ScriptedUpstream.json(200, answer));
    Answer got = ask("auto", "");
    assertEquals(answer, got.response().body());
    assertEquals("large", got.header("x-tierwise-tier"));
    assertEquals(
        QUESTION.formatted("big-chat", "").replace("2.50", "2.5"),
        gateway.upstream.calls().getFirst().body());
    assertEquals(30, entry().lines().getFirst().usage().inputTokens());
    assertEquals("assistant", entry().task());
    assertTrue(weak.calls().isEmpty());
  }

  @Test
  void cheapAsksTheWeakModelAndTheStrongOneWhereThatFails() {
    weak.then(ScriptedUpstream.answer("hi", 10, 2), ScriptedUpstream.status(500));
    gateway.upstream.otherwise(ScriptedUpstream.answer("hello", 10, 3));
    assertEquals("weak", ask("auto:cheap", "").header("x-tierwise-tier"));
    assertEquals("large", ask("assistant:cheap", "").header("x-tierwise-tier"));
    assertEquals("large", ask("assistant:quality", "").header("x-tierwise-tier"));
    LedgerEntry second = gateway.ledger().get(1);
    assertEquals(TierName.LARGE, second.answeredBy());
    assertEquals(
        List.of(TierName.WEAK, TierName.LARGE),
        second.lines().stream().map(LedgerEntry.Line::tier).toList());
  }

  @Test
  void withoutACertificateTheStrongModelAnswers() {
    gateway.upstream.then(ScriptedUpstream.answer("hello", 10, 3));
    assertEquals("large", ask("auto:balanced", "").header("x-tierwise-tier"));
  }

  @Test
  void theCallersOwnMistakeComesBackAsTheUpstreamSaysIt() {
    String error = "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}";
    gateway.upstream.then(ScriptedUpstream.json(400, error));
    Answer got = ask("auto", "");
    assertEquals(400, got.status());
    assertEquals(error, got.response().body());
    assertEquals("rejected-by-upstream", entry().refusal());
  }

  @Test
  void anUpstreamThatFailsIsARefusalInOpenAisForm() {
    gateway.upstream.then(ScriptedUpstream.status(500));
    Answer got = ask("auto", "");
    assertEquals(503, got.status());
    assertTrue(
        got.response().body().contains("\"code\":\"large_unavailable\""), got.response().body());
    assertEquals("large-unavailable", entry().refusal());
  }

  @Test
  void aStreamIsPassedOnLineByLineAndItsUsageIsOnTheLedger() {
    gateway.upstream.then(events(": hi", delta("Hel"), delta("lo"), FINISH, USAGE, "data: [DONE]"));
    Answer got = ask("auto", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    assertEquals(
        String.join("\n\n", ": hi", delta("Hel"), delta("lo"), FINISH, USAGE, "data: [DONE]", ""),
        got.response().body());
    assertEquals(11, entry().lines().getFirst().usage().inputTokens());
    assertEquals(5, entry().lines().getFirst().usage().outputTokens());
    assertNull(entry().refusal());
  }

  @Test
  void aStreamWithoutUsageIsCounted() {
    gateway.upstream.then(events(delta("one two three"), FINISH, "data: [DONE]"));
    ask("auto", ",\"stream\":true");
    assertEquals(3, entry().lines().getFirst().usage().outputTokens());
    assertTrue(entry().lines().getFirst().usage().estimated());
  }

  @Test
  void aTruncatedStreamSaysSoAndIsChargedForWhatCame() {
    gateway.upstream.then(events(delta("one two three")));
    Answer got = ask("auto", ",\"stream\":true");
    assertTrue(
        got.response().body().contains("\"code\":\"stream_truncated\""), got.response().body());
    assertFalse(got.response().body().contains("[DONE]"), got.response().body());
    assertEquals("stream-truncated", entry().refusal());
    assertEquals(3, entry().lines().getFirst().usage().outputTokens());
  }

  @Test
  void aMalformedEventEndsTheStream() {
    gateway.upstream.then(events(delta("one"), "data: {broken", "data: [DONE]"));
    assertTrue(ask("auto", ",\"stream\":true").response().body().contains("stream_malformed"));
    assertEquals("stream-malformed", entry().refusal());
  }

  @Test
  void anErrorInTheStreamIsPassedOn() {
    gateway.upstream.then(events(delta("one"), "data: {\"error\":{\"message\":\"overloaded\"}}"));
    assertTrue(ask("auto", ",\"stream\":true").response().body().contains("overloaded"));
    assertEquals("stream-error", entry().refusal());
  }

  @Test
  void aStreamThatFallsSilentIsGivenUp() {
    CountDownLatch never = new CountDownLatch(1);
    gateway.upstream.then(exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write((delta("one") + "\n\n").getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    assertTrue(ask("hasty", ",\"stream\":true").response().body().contains("stream_stalled"));
    assertEquals("stream-stalled", entry().refusal());
    never.countDown();
  }

  /** The upstream talks on until nobody takes it; then the call is given up and charged. */
  @Test
  void aCallerThatLeavesAStreamIsOnTheLedger() throws Exception {
    CountDownLatch givenUp = new CountDownLatch(1);
    gateway.upstream.then(exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      byte[] event = (delta("word ".repeat(2000)) + "\n\n").getBytes(StandardCharsets.UTF_8);
      try {
        while (true) {
          exchange.getResponseBody().write(event);
          exchange.getResponseBody().flush();
        }
      } finally {
        givenUp.countDown();
      }
    });
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/chat/completions"))
              .header("authorization", "Bearer " + gateway.key())
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      QUESTION.formatted("auto", ",\"stream\":true")))
              .build();
      InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
      assertEquals('d', body.read());
      body.close();
    }
    givenUp.await();
    gateway.server().close();
    assertEquals("cancelled", entry().refusal());
    assertTrue(entry().lines().getFirst().usage().outputTokens() > 0);
  }

  @Test
  void aBudgetThatDoesNotCoverAStreamRefusesItBeforeAnythingIsAsked() {
    gateway.restart(Setup.USUAL.budgets(RunningGateway.daily("default", "0.0000001")));
    Answer got = ask("auto", ",\"stream\":true");
    assertEquals(429, got.status());
    assertEquals("budget-exhausted", entry().refusal());
    assertTrue(gateway.upstream.calls().isEmpty());
  }

  @Test
  void chatsAreAmongTheModels() {
    assertTrue(gateway.get("/v1/models").response().body().contains("\"id\":\"assistant\""));
    assertTrue(gateway.get("/v1/models/auto").response().body().contains("\"id\":\"auto\""));
    assertEquals(404, ask("assistant:best", "").status());
  }
}
