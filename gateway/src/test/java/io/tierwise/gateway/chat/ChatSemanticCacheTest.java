package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatAuditConfig;
import io.tierwise.gateway.config.ChatConfig.JudgeConfig;
import io.tierwise.gateway.config.ChatConfig.JudgeKind;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The semantic cache of chats and its gate, over real sockets. */
final class ChatSemanticCacheTest {
  private static final String KEPT = "where is my small parcel now";

  /** All six words and one more: nearer than 0.8, and no guard sees a difference. */
  private static final String SIMILAR = "so where is my small parcel now";

  /** ε = δ = 0.3 for the router and the same for the cache. */
  private static final Contract LOOSE = new Contract(0.6, 0.6);

  @TempDir Path folder;
  private ChatScene scene;

  @AfterEach
  void stop() {
    scene.close();
  }

  private void start(double auditRate, Contract contract) {
    scene = new ChatScene(folder, chat -> cached(chat, auditRate, contract));
    scene.strong().otherwise(answer("in the depot", 10, 2));
    scene.weak.otherwise(answer("who knows", 10, 2));
  }

  private static ChatConfig cached(ChatConfig chat, double auditRate, Contract contract) {
    return new ChatConfig(
        chat.name(),
        chat.strong(),
        chat.weak(),
        chat.fallbacks(),
        contract,
        new ChatAuditConfig(auditRate, null),
        new JudgeConfig(JudgeKind.EXACT, 0.85, null),
        chat.exactCache(),
        new SemanticCacheConfig(true, "meaning", Duration.ofHours(24), 1000),
        chat.hedge(),
        chat.secondStage());
  }

  /** A question whose answer is found from now on. */
  private void keep(String text) {
    assertEquals("large", tier(scene.ask("assistant", text)));
    scene.gateway.gateway().refresh();
  }

  private static String tier(Answer answer) {
    return answer.header("x-tierwise-tier");
  }

  private JsonNode contract() {
    return scene.gateway.get("/v1/tasks/assistant-cache/contract").json();
  }

  /** The last request's own entry: an audit's may have followed. */
  private LedgerEntry served() {
    return scene.ledger().stream()
        .filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE)
        .toList()
        .getLast();
  }

  private List<TierName> tiers() {
    return served().lines().stream().map(LedgerEntry.Line::tier).toList();
  }

  /**
   * Opens the gate from 0.8 on with a certificate for the cache's part of the usual contract, whose
   * version the first audit tells.
   */
  private String open() {
    start(1, ChatScene.CONTRACT);
    keep(KEPT);
    scene.ask("assistant", KEPT);
    scene.restart();
    try (Database database = Database.open(scene.gateway.data)) {
      GateStore gates = new GateStore(database, scene.gateway.clock);
      String version = rows(database).getFirst().artifact();
      Thresholds thresholds = new Thresholds(Map.of(TierName.SEMANTIC_CACHE, new Confidence(0.8)));
      String certificate =
          gates.keep(
              "assistant-cache",
              version,
              new Certificate(
                  new Contract(0.025, 0.025), 1, 0.0125, 696, 5, 0.01, 0.5, thresholds));
      gates.open("assistant-cache", version, certificate, "test");
      scene.gateway.gateway().refresh();
      return certificate;
    }
  }

  private List<AuditRow> rows(Database database) {
    return new AuditStore(database, scene.gateway.clock).rows("assistant-cache");
  }

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
  void anAuditInShadowAsksTheStrongModelAfreshAndComparesWhatWasKept() {
    start(1, LOOSE);
    scene.askWith("assistant", KEPT, ",\"temperature\":0");
    scene.gateway.gateway().refresh();
    // To the caller, and in the audit.
    scene.strong().then(answer("in the depot", 10, 2), answer("delivered", 10, 2));
    assertEquals("large", tier(scene.askWith("assistant", SIMILAR, ",\"temperature\":0")));
    LedgerEntry.Line line = served().lines().getFirst();
    assertEquals(TierName.SEMANTIC_CACHE, line.tier());
    assertEquals(Verdict.PASSED_ON, line.verdict());
    assertEquals(Money.of("0.0000002"), line.cost());
    scene.restart();

    assertEquals(3, scene.strong().calls().size());
    assertEquals(
        "{\"model\":\"big-chat\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + SIMILAR
            + "\"}],\"temperature\":0}",
        scene.strong().calls().getLast().body());
    assertTrue(scene.weak.calls().isEmpty());
    List<LedgerEntry> audits =
        scene.ledger().stream()
            .filter(entry -> entry.purpose() == LedgerEntry.Purpose.AUDIT)
            .toList();
    assertEquals(1, audits.size());
    assertEquals(Money.of("0.0001"), audits.getFirst().cost());
    assertEquals("assistant", audits.getFirst().task());
    try (Database database = Database.open(scene.gateway.data)) {
      AuditRow row = rows(database).getFirst();
      assertEquals(1, rows(database).size());
      assertTrue(row.artifact().startsWith("cache-"), row.artifact());
      assertNull(row.certificate());
      assertFalse(row.proposals().get(TierName.SEMANTIC_CACHE).agrees());
      // Six words, all of them in the other text's seven.
      assertEquals(
          6 / Math.sqrt(42),
          row.proposals().get(TierName.SEMANTIC_CACHE).confidence().value(),
          1e-6);
    }
  }

  /** Four times the six audits that can certify anything, all of them won. */
  @Test
  void auditsThatAgreeOpenItsGateAndThoseThatDisagreeShutItAgain() {
    start(1, LOOSE);
    keep(KEPT);
    assertEquals(24, 4 * new Contract(0.3, 0.3).fewestSamples(1));
    for (int asked = 0; asked < 23; asked++) {
      assertEquals("large", tier(scene.ask("assistant", SIMILAR)));
    }
    scene.restart();
    assertEquals("observe", contract().path("gate").textValue());
    scene.ask("assistant", SIMILAR);
    scene.restart();
    assertEquals("open", contract().path("gate").textValue());
    assertEquals(24, contract().path("certificate").path("samples").intValue());
    assertEquals("semantic-cache", tier(scene.ask("assistant", SIMILAR)));

    // The strong model says something else by now: what is kept is the wrong answer.
    scene.strong().otherwise(answer("delivered", 10, 2));
    for (int asked = 0; asked < 12; asked++) {
      scene.ask("assistant", SIMILAR);
    }
    scene.restart();
    assertEquals("shut", contract().path("gate").textValue());
    JsonNode alarm = contract().path("last_alarm");
    assertTrue(alarm.path("lost").intValue() > 1, alarm.toString());
    assertEquals("large", tier(scene.ask("assistant", SIMILAR)));
    scene.restart();
    assertEquals("shut", contract().path("gate").textValue());
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
  void whatAsksForVarietyForToolsOrForAStreamHasNoPlaceInItNorHasALongText() {
    open();
    for (String more :
        List.of(
            ",\"temperature\":0.1",
            ",\"stream\":true",
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
    try (Stream<Path> files = Files.walk(scene.gateway.data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(content.contains("in the depot"), file.toString());
        assertFalse(content.contains("small parcel"), file.toString());
      }
    }
    Answer forgotten =
        scene.gateway.send(
            HttpRequest.newBuilder(URI.create(scene.gateway.url() + "/v1/cache?task=assistant"))
                .header("authorization", "Bearer " + scene.gateway.key())
                .DELETE());
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
