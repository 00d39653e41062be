package io.tierwise.gateway.chat;

import static io.tierwise.gateway.chat.ChatCacheTest.SETTLED;
import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.events;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.ScriptedUpstream.Act;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams in the exact cache of chats, over real sockets. */
final class ChatStreamCacheTest {
  private static final String STREAM = SETTLED + ",\"stream\":true";
  private static final String FINISH =
      "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final String USAGE =
      "data:"
          + " {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":5}}";
  private static final String DONE = "data: [DONE]";

  @TempDir Path folder;
  private ChatScene scene;

  @BeforeEach
  void start() {
    scene = new ChatScene(folder, chat -> ChatCacheTest.cached(chat, false));
    scene.weak.otherwise(events(delta("Rome"), FINISH, DONE));
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  private static String delta(String text) {
    return "data: {\"id\":\"c\",  \"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text
        + "\"}}]}";
  }

  private static String body(String more) {
    return "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"capital of"
        + " France?\"}]"
        + more
        + "}";
  }

  private Answer ask(String more, String... headers) {
    return scene.gateway.post(body(more), headers);
  }

  private static String tier(Answer answer) {
    return answer.header("x-tierwise-tier");
  }

  private int asked() {
    return scene.strong().calls().size();
  }

  @Test
  void theSameStreamAskedForAgainIsGivenByteForByteAndTheModelIsNotAsked() {
    scene.strong().then(events(": hi", delta("Par"), delta("is"), FINISH, USAGE, DONE));
    Answer first = ask(STREAM);
    Answer again = ask(",\"stream\":true,\"seed\":7,\"temperature\":0");

    assertEquals("large", tier(first));
    assertEquals("exact-cache", tier(again));
    assertEquals(
        String.join("\n\n", ": hi", delta("Par"), delta("is"), FINISH, USAGE, DONE, ""),
        again.response().body());
    assertEquals(first.response().body(), again.response().body());
    assertEquals("text/event-stream; charset=utf-8", again.header("content-type"));
    assertEquals("no-cache", again.header("cache-control"));
    assertEquals("0.00000001", again.header("x-tierwise-cost-usd"));
    assertEquals("0.00009999", again.header("x-tierwise-saved-usd"));
    assertEquals(1, asked());

    List<LedgerEntry> ledger = scene.ledger();
    assertEquals(2, ledger.size());
    assertEquals(TierName.EXACT_CACHE, ledger.getLast().answeredBy());
    assertEquals(Money.of("0.00000001"), ledger.getLast().cost());
    assertEquals(Money.of("0.0001"), ledger.getLast().counterfactual());
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.LARGE),
        ledger.getFirst().lines().stream().map(LedgerEntry.Line::tier).toList());
  }

  @Test
  void aStreamWithUsageOneWithoutAndAWholeAnswerAreThreeAnswers() {
    String usage = ",\"stream_options\":{\"include_usage\":true}";
    scene
        .strong()
        .then(
            events(delta("Paris"), FINISH, DONE),
            events(delta("Paris"), FINISH, USAGE, DONE),
            answer("Paris", 10, 2));
    List<String> forms = List.of(STREAM, STREAM + usage, SETTLED);
    List<String> first = forms.stream().map(form -> ask(form).response().body()).toList();
    for (int form = 0; form < forms.size(); form++) {
      Answer again = ask(forms.get(form));
      assertEquals("exact-cache", tier(again));
      assertEquals(first.get(form), again.response().body());
    }
    assertFalse(first.getFirst().contains("usage"), first.getFirst());
    assertTrue(first.get(1).contains("usage"), first.get(1));
    assertEquals(3, asked());
  }

  static Stream<Arguments> incomplete() {
    return Stream.of(
        Arguments.of("breaks off", events(delta("Par"))),
        Arguments.of("holds what is no event", events(delta("Par"), "data: {broken", DONE)),
        Arguments.of("fails", events(delta("Par"), "data: {\"error\":{\"message\":\"no\"}}", DONE)),
        Arguments.of("never says that it is done", events(delta("Paris"), FINISH)),
        Arguments.of("is done before its answer is", events(delta("Par"), DONE)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("incomplete")
  void aStreamThatIsNotWholeIsNotKept(String what, Act act) {
    scene.strong().then(act, events(delta("Paris"), FINISH, DONE));
    ask(STREAM);
    assertEquals("large", tier(ask(STREAM)));
    assertEquals("exact-cache", tier(ask(STREAM)));
    assertEquals(2, asked());
  }

  @Test
  void aStreamThatFallsSilentIsNotKept() {
    scene.patience = Duration.ofSeconds(1);
    scene.restart();
    CountDownLatch never = new CountDownLatch(1);
    scene
        .strong()
        .then(
            exchange -> {
              exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write((FINISH + "\n\n").getBytes(StandardCharsets.UTF_8));
              exchange.getResponseBody().flush();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            events(delta("Paris"), FINISH, DONE));
    assertTrue(ask(STREAM).response().body().contains("stream_stalled"));
    never.countDown();
    assertEquals("large", tier(ask(STREAM)));
  }

  @Test
  void aStreamThatItsCallerLeavesIsNotKept() throws Exception {
    CountDownLatch givenUp = new CountDownLatch(1);
    byte[] event = (delta("word ".repeat(2000)) + "\n\n").getBytes(StandardCharsets.UTF_8);
    scene
        .strong()
        .then(
            exchange -> {
              exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
              exchange.sendResponseHeaders(200, 0);
              try {
                while (true) {
                  exchange.getResponseBody().write(event);
                  exchange.getResponseBody().flush();
                }
              } finally {
                givenUp.countDown();
              }
            },
            events(delta("Paris"), FINISH, DONE));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(scene.gateway.url() + "/v1/chat/completions"))
              .header("authorization", "Bearer " + scene.gateway.key())
              .POST(HttpRequest.BodyPublishers.ofString(body(STREAM)))
              .build();
      InputStream body = client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
      assertEquals('d', body.read());
      body.close();
    }
    givenUp.await();
    assertEquals("large", tier(ask(STREAM)));
  }

  /** 1 MiB is kept with all its lines, and not a byte more. */
  @Test
  void aStreamThatIsTooLargeIsPassedOnWholeAndNotKept() {
    int rest = (1 << 20) - (delta("") + "\n\n" + FINISH + "\n\n").length();
    scene
        .strong()
        .then(
            events(delta("a".repeat(rest + 1)), FINISH, DONE),
            events(delta("a".repeat(rest)), FINISH, DONE));
    String large = ask(STREAM).response().body();
    assertEquals((1 << 20) + 1 + (DONE + "\n\n").length(), large.length());
    assertTrue(large.endsWith(FINISH + "\n\n" + DONE + "\n\n"));
    Answer kept = ask(STREAM);
    assertEquals("large", tier(kept));
    Answer again = ask(STREAM);
    assertEquals("exact-cache", tier(again));
    assertEquals(kept.response().body(), again.response().body());
  }

  @Test
  void aWeakModelsStreamIsNeverKept() {
    for (int i = 0; i < 2; i++) {
      Answer weak = scene.askWith("assistant:cheap", "capital of Italy?", STREAM);
      assertEquals("weak", tier(weak));
    }
    assertEquals(2, scene.weak.calls().size());
  }

  @Test
  void whatIsNotToBeKeptIsNotAndWhoWantsAFreshStreamGetsOne() {
    scene.strong().otherwise(events(delta("Paris"), FINISH, DONE));
    ask(STREAM, "cache-control", "no-store");
    assertEquals("large", tier(ask(STREAM)));
    assertEquals("exact-cache", tier(ask(STREAM)));
    assertEquals("large", tier(ask(STREAM, "cache-control", "no-cache")));
    assertEquals("large", tier(ask(STREAM, "x-tierwise-policy", "large-only")));
    assertEquals(4, asked());
  }

  @Test
  void anotherTenantHasAStreamOfItsOwn() {
    scene.strong().otherwise(events(delta("Paris"), FINISH, DONE));
    ask(STREAM);
    String other;
    try (Database database = Database.open(scene.gateway.data)) {
      other =
          new KeyStore(database, scene.gateway.clock, new SecureRandom())
              .add(new Tenant("globex"), "test")
              .secretKey();
    }
    Answer foreign =
        scene.gateway.send(
            HttpRequest.newBuilder(URI.create(scene.gateway.url() + "/v1/chat/completions"))
                .header("authorization", "Bearer " + other)
                .POST(HttpRequest.BodyPublishers.ofString(body(STREAM))));
    assertEquals("large", tier(foreign));
    assertEquals("exact-cache", tier(ask(STREAM)));
  }

  @Test
  void itOutlivesTheProcessSealedExpiresAndIsForgottenWhenAskedTo() throws IOException {
    scene.strong().otherwise(events(delta("Paris, secretly"), FINISH, DONE));
    ask(STREAM);
    scene.restart();
    assertEquals("exact-cache", tier(ask(STREAM)));
    scene.assertNothingOnDiskSays("Paris, secretly");
    Answer forgotten = scene.forget();
    assertEquals(1, forgotten.json().path("forgotten").path("exact").intValue());
    assertEquals("large", tier(ask(STREAM)));
    scene.gateway.clock.advance(Duration.ofHours(24));
    assertEquals("large", tier(ask(STREAM)));
  }
}
