package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatAuditConfig;
import io.tierwise.gateway.config.ChatConfig.JudgeConfig;
import io.tierwise.gateway.config.ChatConfig.JudgeKind;
import io.tierwise.gateway.contract.ContractRenderer;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.Routers;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits of chats, over real sockets. */
final class ChatAuditsTest {
  private static final JudgeConfig EXACT = new JudgeConfig(JudgeKind.EXACT, 0.85, null);
  private static final JudgeConfig ASKED = new JudgeConfig(JudgeKind.MODEL, 0.85, ChatScene.THIRD);

  @TempDir Path folder;
  private ChatScene scene;

  @AfterEach
  void stop() {
    scene.close();
  }

  private void start(JudgeConfig judge, @Nullable Money limit) {
    scene = new ChatScene(folder, audited(judge, limit));
  }

  private static UnaryOperator<ChatConfig> audited(JudgeConfig judge, @Nullable Money limit) {
    return chat ->
        new ChatConfig(
            chat.name(),
            chat.strong(),
            chat.weak(),
            chat.fallbacks(),
            chat.contract(),
            new ChatAuditConfig(1, limit),
            judge,
            chat.exactCache(),
            chat.semanticCache(),
            chat.hedge(),
            chat.secondStage());
  }

  private JsonNode contract() {
    return scene.gateway.get("/v1/tasks/assistant/contract").json();
  }

  private List<LedgerEntry> audits() {
    return scene.ledger().stream()
        .filter(entry -> entry.purpose() == LedgerEntry.Purpose.AUDIT)
        .toList();
  }

  @Test
  void anAuditAsksBothModelsAtTemperatureZeroOffTheCallersPath() {
    start(EXACT, null);
    scene.openGate();
    scene.weak.otherwise(answer("yes", 10, 2));
    scene.strong().otherwise(answer("yes", 10, 2));
    String more = ",\"temperature\":0.7,\"top_p\":0.9,\"seed\":7,\"n\":1,\"x_unknown\":[1]";
    assertEquals("weak", scene.askWith("assistant", "is it?", more).header("x-tierwise-tier"));
    scene.restart();

    assertEquals(2, scene.weak.calls().size());
    String asked =
        "{\"model\":\"small-chat\",\"messages\":[{\"role\":\"user\",\"content\":\"is it?\"}],"
            + "\"temperature\":0,\"seed\":7,\"x_unknown\":[1]}";
    assertEquals(asked, scene.weak.calls().get(1).body());
    assertEquals(1, scene.strong().calls().size());
    assertEquals(asked.replace("small", "big"), scene.strong().calls().getFirst().body());

    LedgerEntry audit = audits().getFirst();
    assertEquals(
        List.of(TierName.WEAK, TierName.LARGE),
        audit.lines().stream().map(LedgerEntry.Line::tier).toList());
    assertEquals(Money.of("0.0001001"), audit.cost());
    assertTrue(scene.ledger().getFirst().audited());
    assertEquals("assistant", audit.task());
  }

  @Test
  void theContractShowsWhatTheAuditsSaySinceTheCertificate() {
    start(EXACT, null);
    String certificate = scene.openGate();
    scene.weak.otherwise(answer("yes", 10, 2));
    scene.strong().then(answer("yes", 10, 2), answer("no", 10, 2));
    scene.ask("assistant", "one");
    scene.restart();
    scene.ask("assistant", "two");
    scene.restart();

    JsonNode contract = contract();
    assertEquals("open", contract.path("gate").textValue());
    assertEquals(certificate, contract.path("certificate").path("id").textValue());
    assertEquals(0.5, contract.path("certificate").path("thresholds").path("weak").asDouble());
    assertEquals(2, contract.path("watch").path("audits").intValue());
    assertEquals(1, contract.path("watch").path("disagreement").path("count").intValue());
    assertEquals(2, contract.path("watch").path("among_cheap_answers").path("of").intValue());
    assertEquals("0.0002002", contract.path("audits").path("spent_today_usd").textValue());
  }

  @Test
  void theContractOfAChatSpeaksOfAnswersThatAreWorseAndThatOfATaskOfSuchThatDiffer() {
    start(EXACT, null);
    scene.openGate();
    scene.weak.otherwise(answer("yes", 10, 2));
    scene.strong().otherwise(answer("no", 10, 2));
    scene.ask("assistant", "one");
    scene.restart();

    assertEquals("worse", contract().path("loss").textValue());
    String chat = ContractRenderer.text(scene.gateway.gateway().contract("assistant"));
    assertTrue(
        chat.startsWith(
            "assistant: at most 5 % of all answers are worse than the strong model's, at"
                + " confidence 95 %\n"),
        chat);
    assertTrue(chat.contains("of all answers          1 of 1 are worse: 100 %"), chat);
    assertTrue(chat.contains("were 15 % to be worse from now on"), chat);
    assertFalse(chat.contains("differ") || chat.contains("large model"), chat);
    String task = ContractRenderer.text(scene.gateway.gateway().contract("support"));
    assertTrue(task.contains(" of all answers differ from the large model's"), task);
    assertEquals(
        "different",
        scene.gateway.get("/v1/tasks/support/contract").json().path("loss").textValue());
  }

  @Test
  void aWeakModelThatHasBecomeWorseIsHeardAndTheStrongOneAnswersFromThenOn() {
    start(EXACT, null);
    scene.openGate();
    scene.weak.otherwise(answer("nonsense", 10, 2));
    scene.strong().otherwise(answer("sense", 10, 2));
    for (int asked = 0; asked < 12; asked++) {
      scene.ask("assistant", "text " + asked);
    }
    scene.restart();

    JsonNode alarm = contract().path("last_alarm");
    // The gateway may have looked before all twelve were made.
    assertTrue(alarm.path("audits").intValue() > 1, alarm.toString());
    assertEquals(alarm.path("audits"), alarm.path("lost"));
    assertEquals("shut", contract().path("gate").textValue());
    assertEquals("large", scene.ask("assistant", "and now?").header("x-tierwise-tier"));
  }

  @Test
  void whatTheRouterSendsToTheStrongModelIsAuditedAndIsNoLoss() {
    start(EXACT, null);
    Routers.open(scene.gateway, "assistant", 0.4, 0.5, ChatScene.CONTRACT);
    scene.weak.otherwise(answer("nonsense", 10, 2));
    scene.strong().otherwise(answer("sense", 10, 2));
    assertEquals("large", scene.ask("assistant", "hard").header("x-tierwise-tier"));
    scene.restart();
    JsonNode watch = contract().path("watch");
    assertEquals(1, watch.path("audits").intValue());
    assertEquals(0, watch.path("disagreement").path("count").intValue());
    assertEquals(1, scene.weak.calls().size());
  }

  @Test
  void callersThatChooseTheModelThemselvesAreNotAudited() {
    start(EXACT, null);
    scene.openGate();
    scene.weak.otherwise(answer("yes", 10, 2));
    scene.strong().otherwise(answer("yes", 10, 2));
    scene.ask("assistant:cheap", "one");
    scene.ask("assistant:quality", "two");
    scene.restart();
    assertTrue(audits().isEmpty());
    assertFalse(scene.ledger().getFirst().audited());
  }

  @Test
  void aJudgeIsAskedInBothOrdersAndItsCostIsTheAudits() {
    start(ASKED, null);
    scene.openGate();
    scene.weak.otherwise(answer("weak words", 10, 2));
    scene.strong().otherwise(answer("strong words", 10, 2));
    scene.third.then(answer("FIRST", 90, 1), answer("second.", 90, 1));
    scene.ask("assistant", "which?");
    scene.restart();

    List<ScriptedUpstream.Call> judged = scene.third.calls();
    assertEquals(2, judged.size());
    assertTrue(
        judged.get(0).body().contains("\\\"first_answer\\\" : \\\"strong words\\\""),
        judged.get(0).body());
    assertTrue(
        judged.get(1).body().contains("\\\"first_answer\\\" : \\\"weak words\\\""),
        judged.get(1).body());
    assertEquals(1, contract().path("watch").path("disagreement").path("count").intValue());
    assertEquals(Money.of("0.0001003"), audits().getFirst().cost());
    assertEquals(4, audits().getFirst().lines().size());
  }

  @Test
  void aJudgeThatPrefersWhatItReadsFirstProvesNothing() {
    start(ASKED, null);
    scene.openGate();
    scene.weak.otherwise(answer("weak words", 10, 2));
    scene.strong().otherwise(answer("strong words", 10, 2));
    scene.third.otherwise(answer("FIRST", 90, 1));
    scene.ask("assistant", "which?");
    scene.restart();
    assertEquals(1, contract().path("watch").path("audits").intValue());
    assertEquals(0, contract().path("watch").path("disagreement").path("count").intValue());
  }

  @Test
  void aJudgeWithoutAWordCountsAgainstTheWeakModel() {
    start(ASKED, null);
    scene.openGate();
    scene.weak.otherwise(answer("weak words", 10, 2));
    scene.strong().otherwise(answer("strong words", 10, 2));
    scene.third.otherwise(answer("It depends.", 90, 1));
    scene.ask("assistant", "which?");
    scene.restart();
    assertEquals(1, contract().path("watch").path("disagreement").path("count").intValue());
    assertEquals("audit-unavailable", audits().getFirst().refusal());
  }

  @Test
  void aModelThatTakesNoTemperatureIsAskedAsTheCallerDid() {
    start(EXACT, null);
    scene.openGate();
    scene.weak.then(answer("yes", 10, 2), status(400), answer("yes", 10, 2));
    scene.strong().otherwise(answer("yes", 10, 2));
    scene.ask("assistant", "one");
    scene.restart();
    assertTrue(scene.weak.calls().get(1).body().contains("\"temperature\":0"));
    assertFalse(scene.weak.calls().get(2).body().contains("temperature"));
    assertEquals(1, contract().path("watch").path("audits").intValue());
  }

  @Test
  void aLimitOnAuditSpendingEndsThemForTheDay() {
    start(EXACT, Money.of("0.0001"));
    scene.openGate();
    scene.weak.otherwise(answer("yes", 10, 2));
    scene.strong().otherwise(answer("yes", 10, 2));
    scene.ask("assistant", "one");
    scene.restart();
    scene.ask("assistant", "two");
    scene.restart();
    assertEquals(1, audits().size());
    assertEquals(0.0, contract().path("audits").path("rate_now").asDouble());
  }

  @Test
  void aRouterWhoseGateIsShutIsScoredInShadow() {
    start(EXACT, null);
    String version = Routers.publish(scene.gateway, "assistant", 0.9);
    scene.weak.otherwise(answer("yes", 10, 2));
    scene.strong().otherwise(answer("yes", 10, 2));
    assertEquals("large", scene.ask("assistant", "one").header("x-tierwise-tier"));
    scene.restart();
    assertEquals(1, audits().size());
    assertEquals(1, scene.weak.calls().size());
    try (Database database = Database.open(scene.gateway.data)) {
      AuditRow row = new AuditStore(database, scene.gateway.clock).rows("assistant").getFirst();
      assertEquals(version, row.artifact());
      assertEquals(0.9, row.proposals().get(TierName.WEAK).confidence().value(), 1e-9);
      assertTrue(row.proposals().get(TierName.WEAK).agrees());
    }
  }

  /** With ε = δ = 0.3: 4 times the fewest that can certify anything, all of them won. */
  @Test
  void auditsInShadowOpenTheGateOfALiveRouterOnceTheyCertifyIt() {
    Contract loose = new Contract(0.3, 0.3);
    scene =
        new ChatScene(
            folder,
            chat ->
                audited(EXACT, null)
                    .apply(new ChatConfig(chat.name(), chat.strong(), ChatScene.WEAK, loose)));
    Routers.publish(scene.gateway, "assistant", 0.9);
    scene.weak.otherwise(answer("yes", 10, 2));
    scene.strong().otherwise(answer("yes", 10, 2));
    int needed = 4 * loose.fewestSamples(1);
    for (int asked = 0; asked < needed; asked++) {
      assertEquals("large", scene.ask("assistant", "text " + asked).header("x-tierwise-tier"));
    }
    scene.restart();
    assertEquals("open", contract().path("gate").textValue());
    assertEquals(needed, contract().path("certificate").path("samples").intValue());
    assertEquals("weak", scene.ask("assistant", "and now?").header("x-tierwise-tier"));
  }
}
