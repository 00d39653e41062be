package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.json;
import static io.tierwise.gateway.testing.ScriptedUpstream.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatModel;
import io.tierwise.gateway.config.ChatConfig.SecondStageConfig;
import io.tierwise.gateway.config.ChatConfig.SecondStageKind;
import io.tierwise.gateway.config.ChatConfig.WeakConfig;
import io.tierwise.gateway.testing.Routers;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which model answers a chat, and what stands in for it. */
final class ChatRoutingTest {
  @TempDir Path folder;
  private ChatScene scene;

  @AfterEach
  void stop() {
    scene.close();
  }

  private void start(UnaryOperator<ChatConfig> change) {
    scene = new ChatScene(folder, change);
    scene.strong().otherwise(answer("strong", 10, 2));
    scene.weak.otherwise(answer("weak", 10, 2));
    scene.third.otherwise(answer("third", 10, 2));
  }

  private static UnaryOperator<ChatConfig> with(
      List<WeakConfig> weak,
      List<ChatModel> fallbacks,
      boolean hedge,
      SecondStageConfig secondStage) {
    return chat ->
        new ChatConfig(
            chat.name(),
            chat.strong(),
            weak.isEmpty() ? chat.weak() : weak,
            fallbacks,
            chat.contract(),
            chat.audit(),
            chat.judge(),
            chat.exactCache(),
            chat.semanticCache(),
            hedge,
            secondStage);
  }

  private List<TierName> tiers() {
    return scene.ledger().getLast().lines().stream().map(LedgerEntry.Line::tier).toList();
  }

  private static UnaryOperator<ChatConfig> stage(SecondStageKind kind, double threshold) {
    return with(List.of(), List.of(), false, new SecondStageConfig(kind, threshold, 3));
  }

  @Test
  void anAnswerOfTheWeakModelSaysWhatItStandsUnder() {
    start(chat -> chat);
    String certificate = scene.openGate();
    Answer got = scene.ask("auto", "easy");
    assertEquals("weak", got.header("x-tierwise-tier"));
    assertEquals(0.9, Double.parseDouble(got.header("x-tierwise-confidence")), 1e-9);
    assertEquals("0.5", got.header("x-tierwise-threshold"));
    assertEquals(certificate, got.header("x-tierwise-certificate"));
    assertEquals(certificate, scene.ledger().getFirst().certificate());
  }

  @Test
  void aCertificateForALooserContractOpensNothing() {
    start(chat -> chat);
    Routers.open(scene.gateway, "assistant", 0.9, 0.5, new Contract(0.1, 0.05));
    assertEquals("large", scene.ask("auto", "easy").header("x-tierwise-tier"));
  }

  @Test
  void whatTheWeakModelFindsWrongTheStrongOneMayTake() {
    start(chat -> chat);
    scene.openGate();
    scene.weak.then(status(400));
    Answer got = scene.ask("auto", "too long for the weak model");
    assertEquals("large", got.header("x-tierwise-tier"));
    assertEquals(List.of(TierName.WEAK, TierName.LARGE), tiers());
  }

  @Test
  void fallbacksAreAskedInTheirOrderWhereTheStrongModelFails() {
    start(with(List.of(), List.of(ChatScene.THIRD, ChatScene.WEAK), false, SecondStageConfig.OFF));
    scene.strong().then(status(500));
    assertEquals("third", content(scene.ask("auto:quality", "hi")));
    scene.strong().then(status(500));
    scene.third.then(status(429));
    assertEquals("weak", content(scene.ask("auto:quality", "hi")));
    assertEquals(List.of(TierName.LARGE, TierName.LARGE, TierName.LARGE), tiers());
  }

  private static String content(Answer got) {
    return got.json().path("choices").path(0).path("message").path("content").textValue();
  }

  @Test
  void theCheapestModelThatHoldsTheContractAnswers() {
    ChatModel dear = new ChatModel("third", "call");
    start(
        with(
            List.of(
                new WeakConfig(dear, "dear-router"),
                new WeakConfig(ChatScene.WEAK, "cheap-router")),
            List.of(),
            false,
            SecondStageConfig.OFF));
    // Two routers share the contract.
    Contract half = new Contract(0.025, 0.025);
    Routers.open(scene.gateway, "dear-router", 0.9, 0.5, half);
    Routers.open(scene.gateway, "cheap-router", 0.9, 0.5, half);
    assertEquals("weak", content(scene.ask("auto", "easy")));
    Routers.open(scene.gateway, "cheap-router", 0.3, 0.5, half);
    assertEquals("third", content(scene.ask("auto", "medium")));
    Routers.open(scene.gateway, "dear-router", 0.3, 0.5, half);
    assertEquals("strong", content(scene.ask("auto", "hard")));
    assertEquals("weak", content(scene.ask("auto:cheap", "hard")));
    assertEquals(404, scene.gateway.get("/v1/tasks/assistant/contract").status());
    assertEquals(
        0.025,
        scene.gateway.get("/v1/tasks/cheap-router/contract").json().path("epsilon").asDouble());
  }

  @Test
  void aRouterCertifiedForTheWholeContractHoldsNotItsShare() {
    start(
        with(
            List.of(
                new WeakConfig(ChatScene.WEAK, "one"), new WeakConfig(ChatScene.THIRD, "other")),
            List.of(),
            false,
            SecondStageConfig.OFF));
    Routers.open(scene.gateway, "one", 0.9, 0.5, ChatScene.CONTRACT);
    assertEquals("strong", content(scene.ask("auto", "easy")));
  }

  @Test
  void aCallThatTakesLongerThanUsualIsMadeASecondTimeAndBothAreCharged() throws Exception {
    start(with(List.of(), List.of(), true, SecondStageConfig.OFF));
    for (int i = 0; i < 20; i++) {
      scene.ask("auto:quality", "warm " + i);
    }
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    scene
        .strong()
        .then(
            ScriptedUpstream.held(arrived, release, answer("late", 10, 2)), answer("soon", 10, 2));
    assertEquals("soon", content(scene.ask("auto:quality", "now")));
    arrived.await();
    release.countDown();
    LedgerEntry entry = scene.ledger().getLast();
    assertEquals(
        List.of(Verdict.NO_CANDIDATE, Verdict.ACCEPTED),
        entry.lines().stream().map(LedgerEntry.Line::verdict).toList());
    assertEquals(Money.of("0.0002"), entry.cost());
    assertTrue(entry.lines().getFirst().usage().estimated());
  }

  @Test
  void anUnsureAnswerIsPassedOnByItsProbabilitiesAndBothAreCharged() {
    start(stage(SecondStageKind.LOG_PROBABILITY, 0.8));
    scene.openGate();
    scene.weak.then(json(200, probable(-0.01)), json(200, probable(-0.7)));
    Answer sure = scene.ask("auto", "easy");
    assertEquals("weak", sure.header("x-tierwise-tier"));
    assertTrue(scene.weak.calls().getFirst().body().contains("\"logprobs\":true"));
    // Nobody asked for them.
    assertTrue(sure.json().path("choices").path(0).path("logprobs").isNull());
    assertEquals("large", scene.ask("auto", "hard").header("x-tierwise-tier"));
    LedgerEntry entry = scene.ledger().getLast();
    assertEquals(Verdict.PASSED_ON, entry.lines().getFirst().verdict());
    assertEquals(Money.of("0.0001001"), entry.cost());
  }

  private static String probable(double logProbability) {
    return "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"weak\"},"
        + "\"logprobs\":{\"content\":[{\"token\":\"weak\",\"logprob\":"
        + logProbability
        + "}]},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,"
        + "\"completion_tokens\":1}}";
  }

  @Test
  void anAnswerWithoutProbabilitiesIsGiven() {
    start(stage(SecondStageKind.LOG_PROBABILITY, 0.8));
    scene.openGate();
    assertEquals("weak", scene.ask("auto", "easy").header("x-tierwise-tier"));
  }

  @Test
  void aModelThatContradictsItselfIsNotHeard() {
    start(stage(SecondStageKind.SELF_CONSISTENCY, 0.6));
    scene.openGate();
    scene.weak.then(answer("4", 1, 1), answer("4", 1, 1), answer("4", 1, 1));
    assertEquals("weak", scene.ask("auto", "2+2").header("x-tierwise-tier"));
    assertEquals(Money.of("0.0000003"), scene.ledger().getLast().cost());
    scene.weak.then(answer("5", 1, 1), answer("4", 1, 1), answer("6", 1, 1));
    assertEquals("large", scene.ask("auto", "2+3").header("x-tierwise-tier"));
    assertEquals(Money.of("0.0001003"), scene.ledger().getLast().cost());
  }

  @Test
  void anUnsureAnswerIsBetterThanNoneWhereTheStrongModelFails() {
    start(stage(SecondStageKind.SELF_CONSISTENCY, 0.9));
    scene.openGate();
    scene.weak.then(answer("5", 1, 1), answer("4", 1, 1), answer("6", 1, 1));
    scene.strong().otherwise(status(500));
    Answer got = scene.ask("auto", "2+3");
    assertEquals("weak", got.header("x-tierwise-tier"));
    assertEquals("5", content(got));
    assertEquals(Money.of("0.0000003"), scene.ledger().getLast().cost());
    assertFalse(scene.ledger().getLast().degraded());
  }
}
