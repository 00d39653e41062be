package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the semantic cache of chats gives to whom. */
final class ChatSemanticCacheTest extends CachedChatScene {
  @Test
  void answersNothingAndLooksNothingUpWhileItsGateIsShut() {
    start(0, LOOSE);
    keep(KEPT);
    assertEquals("large", tier(scene.ask("assistant", KEPT)));
    assertEquals(List.of(TierName.LARGE), tiers());
    assertEquals(2, scene.strong().calls().size());
    assertEquals("observe", contract().path("gate").textValue());
    assertEquals(0.3, contract().path("epsilon").asDouble());
    assertEquals("worse", contract().path("loss").textValue());
  }

  @Test
  void anAnswerSaysWhatItStandsUnderWhatItCostsAndWhatItSaves() {
    String certificate = open();
    Answer first = scene.ask("assistant", SIMILAR);
    assertEquals("semantic-cache", tier(first));
    assertEquals(
        "in the depot",
        first.json().path("choices").path(0).path("message").path("content").textValue());
    assertEquals(
        6 / Math.sqrt(42), Double.parseDouble(first.header("x-tierwise-confidence")), 1e-6);
    assertEquals("0.8", first.header("x-tierwise-threshold"));
    assertEquals(certificate, first.header("x-tierwise-certificate"));
    assertEquals("0.0000002", first.header("x-tierwise-cost-usd"));
    assertEquals("0.0000998", first.header("x-tierwise-saved-usd"));

    LedgerEntry entry = served();
    assertEquals(TierName.SEMANTIC_CACHE, entry.answeredBy());
    assertEquals(certificate, entry.certificate());
    assertEquals("big-chat@1", entry.version());
    assertEquals(Money.of("0.0001"), entry.counterfactual());
    assertTrue(entry.counterfactualEstimated());
    assertTrue(entry.audited());
    String metrics = scene.gateway.get("/metrics").response().body();
    assertTrue(
        metrics.contains(
            "tierwise_requests_total{outcome=\"answered\",task=\"assistant\",tier=\"semantic-cache\"}"
                + " 1.0"),
        metrics);
  }

  @Test
  void theDecisionPageSetsTheSimilarityAgainstTheCachesOwnThreshold() {
    open();
    JsonNode decision = decision(scene.ask("assistant", SIMILAR));
    assertEquals(
        "The semantic cache was sure enough: confidence 0.9258 reaches the certified threshold"
            + " 0.8.",
        decision.path("why").textValue());
    assertEquals(
        "At most 2.5 % of all answers of this chat are worse than the strong model's, at confidence"
            + " 97.5 %: 5 of 696 judged prompts were lost at these thresholds (p = 0.01, needed at"
            + " most 0.0125).",
        decision.path("risk").textValue());
    assertEquals(0.8, decision.path("attempts").path(0).path("threshold").asDouble());
    assertEquals("open", decision.path("gate").path("mode").textValue());

    JsonNode strong = decision(scene.ask("assistant", "tell us then where is that small parcel"));
    assertEquals("large", strong.path("tier").textValue());
    assertEquals(
        "No router was certified (new task), so the strong model answered.",
        strong.path("why").textValue());
    assertEquals(
        "Passed on: confidence 0.5774 is below the certified threshold 0.8.",
        strong.path("attempts").path(0).path("reason").textValue());
    assertEquals("observe", strong.path("gate").path("mode").textValue());
  }

  private JsonNode decision(Answer of) {
    return scene
        .gateway
        .gateway()
        .console()
        .orElseThrow()
        .decision(of.header("x-tierwise-request-id"))
        .orElseThrow();
  }

  @Test
  void nothingButTheLastWordsOfTheUserMayDiffer() {
    open();
    keep("cancel order 17 for me now");
    assertEquals("semantic-cache", tier(scene.ask("auto", "please cancel order 17 for me now")));
    assertEquals("large", tier(scene.ask("auto", "please cancel order 18 for me now")));
    assertEquals("large", tier(scene.ask("auto", "do not cancel order 17 for me now")));

    for (String more :
        List.of(
            ",\"seed\":7",
            ",\"max_tokens\":5",
            ",\"response_format\":{\"type\":\"json_object\"}",
            ",\"user\":\"somebody\"")) {
      assertEquals("large", tier(scene.askWith("auto", SIMILAR, more)), more);
    }
    for (String messages :
        List.of(
            "{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"%s\"}",
            "{\"role\":\"user\",\"content\":\"hi\"},{\"role\":\"assistant\",\"content\":\"yes?\"},"
                + "{\"role\":\"user\",\"content\":\"%s\"}",
            "{\"role\":\"user\",\"content\":\"%s\"},{\"role\":\"assistant\",\"content\":\"it\"}",
            "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"%s\"},"
                + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"http://x/y.png\"}}]}")) {
      assertEquals("large", tier(post(messages.formatted(SIMILAR))), messages);
    }
    assertEquals("semantic-cache", tier(scene.ask("auto", SIMILAR)));
  }

  @Test
  void whatAsksForVarietyOrForToolsHasNoPlaceInItNorHasALongText() {
    open();
    for (String more :
        List.of(
            ",\"temperature\":0.1",
            ",\"n\":2",
            ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]",
            ",\"functions\":[{\"name\":\"f\"}]")) {
      scene.askWith("auto", KEPT, more);
      scene.gateway.gateway().refresh();
      assertEquals("large", tier(scene.askWith("auto", SIMILAR, more)), more);
    }
    String longest = "a".repeat(500);
    keep(longest);
    assertEquals("semantic-cache", tier(scene.ask("auto", longest)));
    keep(longest + "a");
    assertEquals("large", tier(scene.ask("auto", longest + "a")));
  }

  @Test
  void whoAsksForAStreamIsGivenTheKeptStreamOfASimilarQuestion() {
    open();
    streaming("stop");
    String stream = ",\"stream\":true";
    Answer first = scene.askWith("auto", KEPT, stream);
    assertEquals("large", tier(first));
    scene.gateway.gateway().refresh();
    Answer similar = scene.askWith("auto", SIMILAR, stream);
    assertEquals("semantic-cache", tier(similar));
    assertEquals(first.response().body(), similar.response().body());
    assertTrue(similar.response().body().endsWith("data: [DONE]\n\n"));
    assertEquals("text/event-stream; charset=utf-8", similar.header("content-type"));
    assertEquals("0.0000998", similar.header("x-tierwise-saved-usd"));
    String usage = ",\"stream_options\":{\"include_usage\":true}";
    assertEquals("large", tier(scene.askWith("auto", SIMILAR, stream + usage)));
  }

  @Test
  void aStreamThatWasCutAtItsMostTokensDoesNotEnter() {
    open();
    streaming("length");
    for (String text : List.of(KEPT, SIMILAR)) {
      assertEquals("large", tier(scene.askWith("auto", text, ",\"stream\":true")));
      scene.gateway.gateway().refresh();
    }
  }

  private Answer post(String messages, String... headers) {
    return scene.gateway.post("{\"model\":\"assistant\",\"messages\":[" + messages + "]}", headers);
  }

  @Test
  void eachConversationHasAnswersOfItsOwn() {
    open();
    String brief = "{\"role\":\"system\",\"content\":\"be brief\"},";
    String question = "{\"role\":\"user\",\"content\":\"%s\"}";
    scene.strong().then(answer("depot", 10, 2));
    assertEquals("large", tier(post(brief + question.formatted(KEPT))));
    scene.gateway.gateway().refresh();
    Answer similar = post(brief + question.formatted(SIMILAR));
    assertEquals("semantic-cache", tier(similar));
    assertEquals("depot", similar.label());
    assertEquals("in the depot", post(question.formatted(SIMILAR)).label());
  }

  @Test
  void noOtherTenantAndNobodyWhoWantsTheStrongModelGetsItsAnswers() {
    open();
    String other;
    try (Database database = Database.open(scene.gateway.data)) {
      other =
          new KeyStore(database, scene.gateway.clock, new SecureRandom())
              .add(new Tenant("globex"), "test")
              .secretKey();
    }
    String body =
        "{\"model\":\"assistant\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(SIMILAR);
    Answer foreign =
        scene.gateway.send(
            HttpRequest.newBuilder(URI.create(scene.gateway.url() + "/v1/chat/completions"))
                .header("authorization", "Bearer " + other)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    assertEquals("large", tier(foreign));
    assertEquals("large", tier(scene.ask("auto:quality", SIMILAR)));
    assertEquals("large", tier(scene.gateway.post(body, "x-tierwise-policy", "large-only")));
    assertEquals("large", tier(scene.gateway.post(body, "cache-control", "no-cache")));
    assertEquals("semantic-cache", tier(scene.ask("auto:cheap", SIMILAR)));
  }

  @Test
  void onlyWholeAnswersOfTheStrongModelEnter() {
    open();
    assertEquals("weak", tier(scene.ask("auto:cheap", "what opens in the old town tonight")));
    scene.gateway.gateway().refresh();
    assertEquals("large", tier(scene.ask("auto", "so what opens in the old town tonight")));

    scene
        .strong()
        .then(
            json(
                200,
                "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"It\"},"
                    + "\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":1,"
                    + "\"completion_tokens\":1}}"));
    keep("how does a steam engine work");
    assertEquals("large", tier(scene.ask("auto", "please how does a steam engine work")));
    post(
        "{\"role\":\"user\",\"content\":\"why is the deep sea blue\"}",
        "cache-control",
        "no-store");
    scene.gateway.gateway().refresh();
    assertEquals("large", tier(scene.ask("auto", "so why is the deep sea blue")));
  }

  @Test
  void itOutlivesTheProcessSealedExpiresAndIsForgottenWhenAskedTo() throws IOException {
    open();
    scene.restart();
    assertEquals("semantic-cache", tier(scene.ask("assistant", SIMILAR)));
    scene.assertNothingOnDiskSays("in the depot", "small parcel");
    Answer forgotten = scene.forget();
    assertEquals(1, forgotten.json().path("forgotten").path("semantic").intValue());
    keep(SIMILAR);
    assertEquals("semantic-cache", tier(scene.ask("assistant", KEPT)));
    scene.gateway.clock.advance(Duration.ofHours(24));
    assertEquals("large", tier(scene.ask("assistant", KEPT)));
  }

  @Test
  void anotherVersionOfTheStrongModelNeedsItsOwnAnswersAndItsOwnCertificate() {
    open();
    scene.version = "2";
    scene.restart();
    assertEquals("large", tier(scene.ask("assistant", SIMILAR)));
    assertEquals(List.of(TierName.SEMANTIC_CACHE, TierName.LARGE), tiers());
    assertEquals(Verdict.NO_CANDIDATE, served().lines().getFirst().verdict());
    scene.gateway.gateway().refresh();
    assertEquals("large", tier(scene.ask("assistant", KEPT)));
    scene.restart();
    try (Database database = Database.open(scene.gateway.data)) {
      List<AuditRow> rows = rows(database);
      assertEquals(2, rows.size());
      assertNotEquals(rows.getFirst().artifact(), rows.getLast().artifact());
      assertNull(rows.getLast().certificate());
    }
  }
}
