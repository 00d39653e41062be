package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.CacheConfig;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exact cache of chats, over real sockets. */
final class ChatCacheTest {
  static final String SETTLED = ",\"temperature\":0,\"seed\":7";

  @TempDir Path folder;
  private ChatScene scene;

  @BeforeEach
  void start() {
    scene = new ChatScene(folder, chat -> cached(chat, false));
    scene.strong().otherwise(answer("Paris, secretly", 10, 2));
    scene.weak.otherwise(answer("Rome", 10, 2));
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  static ChatConfig cached(ChatConfig chat, boolean tools) {
    return new ChatConfig(
        chat.name(),
        chat.strong(),
        chat.weak(),
        chat.fallbacks(),
        chat.contract(),
        chat.audit(),
        chat.judge(),
        new ChatCacheConfig(true, new CacheConfig("lookup", Duration.ofHours(24), 1000), tools),
        chat.semanticCache(),
        chat.hedge(),
        chat.secondStage());
  }

  private Answer ask(String more) {
    return scene.askWith("assistant", "capital of France?", more);
  }

  @Test
  void theSameAskedAgainIsAnsweredByteForByteAndCostsALookup() {
    Answer first = ask(SETTLED);
    Answer again = ask(",\"seed\":7,\"temperature\":0.0");
    // Another temperature's text, and another order of fields.
    assertEquals("large", first.header("x-tierwise-tier"));
    Answer same = scene.askWith("auto:quality", "capital of France?", SETTLED);
    assertEquals("exact-cache", same.header("x-tierwise-tier"));
    assertEquals(first.response().body(), same.response().body());
    assertEquals("0.00000001", same.header("x-tierwise-cost-usd"));
    assertEquals("0.00009999", same.header("x-tierwise-saved-usd"));
    assertEquals(200, again.status());

    List<LedgerEntry> ledger = scene.ledger();
    LedgerEntry hit = ledger.getLast();
    assertEquals(TierName.EXACT_CACHE, hit.answeredBy());
    assertEquals(Money.of("0.0001"), hit.counterfactual());
    assertFalse(hit.counterfactualEstimated());
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.LARGE),
        ledger.getFirst().lines().stream().map(LedgerEntry.Line::tier).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",\"temperature\":0",
        ",\"seed\":7",
        ",\"temperature\":0.1,\"seed\":7",
        SETTLED + ",\"n\":2",
        SETTLED + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
        ",\"temperature\":0,\"stream\":true"
      })
  void nothingElseIsKept(String more) {
    ask(more);
    assertEquals("large", ask(more).header("x-tierwise-tier"));
    assertEquals(2, scene.strong().calls().size());
  }

  @Test
  void toolsAreKeptWhereTheConfigurationSaysSo() throws IOException {
    scene.close();
    Path another = Files.createDirectory(folder.resolve("tools"));
    scene = new ChatScene(another, chat -> cached(chat, true));
    scene.strong().otherwise(answer("called", 10, 2));
    String tools = SETTLED + ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
    ask(tools);
    assertEquals("exact-cache", ask(tools).header("x-tierwise-tier"));
  }

  @Test
  void aWeakModelsAnswerIsNeverKept() {
    scene.askWith("assistant:cheap", "capital of Italy?", SETTLED);
    Answer again = scene.askWith("assistant:cheap", "capital of Italy?", SETTLED);
    assertEquals("weak", again.header("x-tierwise-tier"));
  }

  @Test
  void whoWantsNoCachedAnswerGetsNone() {
    ask(SETTLED);
    String body =
        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"capital of"
            + " France?\"}]"
            + SETTLED
            + "}";
    assertEquals("exact-cache", scene.gateway.post(body).header("x-tierwise-tier"));
    for (String[] headers :
        List.of(
            new String[] {"cache-control", "no-cache"},
            new String[] {"x-tierwise-policy", "large-only"})) {
      assertEquals("large", scene.gateway.post(body, headers).header("x-tierwise-tier"));
    }
  }

  @Test
  void whatIsNotToBeKeptIsNotKept() {
    String body =
        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]"
            + SETTLED
            + "}";
    scene.gateway.post(body, "cache-control", "no-store");
    assertEquals("large", scene.gateway.post(body).header("x-tierwise-tier"));
  }

  @Test
  void itOutlivesTheProcessSealedAndIsForgottenWhenAskedTo() throws IOException {
    ask(SETTLED);
    scene.restart();
    assertEquals("exact-cache", ask(SETTLED).header("x-tierwise-tier"));
    scene.assertNothingOnDiskSays("Paris, secretly");
    Answer forgotten = scene.forget();
    assertEquals(1, forgotten.json().path("forgotten").path("exact").intValue());
    assertEquals("large", ask(SETTLED).header("x-tierwise-tier"));
    assertTrue(scene.strong().calls().size() == 2);
  }
}
