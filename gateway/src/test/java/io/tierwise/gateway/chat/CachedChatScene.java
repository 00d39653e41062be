package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.events;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A chat with a semantic cache, over real sockets. */
abstract class CachedChatScene {
  static final String KEPT = "where is my small parcel now";

  /** All six words and one more: nearer than 0.8, and no guard sees a difference. */
  static final String SIMILAR = "so where is my small parcel now";

  /** ε = δ = 0.3 for the router and the same for the cache. */
  static final Contract LOOSE = new Contract(0.6, 0.6);

  @TempDir Path folder;
  ChatScene scene;

  @AfterEach
  void stop() {
    scene.close();
  }

  void start(double auditRate, Contract contract) {
    scene = new ChatScene(folder, chat -> cached(chat, auditRate, contract));
    scene.strong().otherwise(answer("in the depot", 10, 2));
    scene.weak.otherwise(answer("who knows", 10, 2));
  }

  static ChatConfig cached(ChatConfig chat, double auditRate, Contract contract) {
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
  void keep(String text) {
    assertEquals("large", tier(scene.ask("assistant", text)));
    scene.gateway.gateway().refresh();
  }

  /** The strong model's stream of an answer in two pieces; where none is asked for, whole. */
  void streaming(String finish) {
    scene
        .strong()
        .answeringBy(body ->
            body.contains("\"stream\":true")
                ? events(
                    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"in the \"}}]}",
                    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"depot\"},"
                        + "\"finish_reason\":\""
                        + finish
                        + "\"}]}",
                    "data: [DONE]")
                : answer("in the depot", 10, 2));
  }

  static String tier(Answer answer) {
    return answer.header("x-tierwise-tier");
  }

  JsonNode contract() {
    return scene.gateway.get("/v1/tasks/assistant-cache/contract").json();
  }

  /** The last request's own entry: an audit's may have followed. */
  LedgerEntry served() {
    return scene.ledger().stream()
        .filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE)
        .toList()
        .getLast();
  }

  List<TierName> tiers() {
    return served().lines().stream().map(LedgerEntry.Line::tier).toList();
  }

  /**
   * Opens the gate from 0.8 on with a certificate for the cache's part of the usual contract, whose
   * version the first audit tells.
   */
  String open() {
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

  List<AuditRow> rows(Database database) {
    return new AuditStore(database, scene.gateway.clock).rows("assistant-cache");
  }
}
