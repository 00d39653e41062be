package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatModel;
import io.tierwise.gateway.config.ChatConfig.WeakConfig;
import io.tierwise.gateway.testing.Routers;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.router.contract.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the console says of a chat request. */
final class ChatDecisionTest {
  @TempDir Path folder;
  private ChatScene scene;

  @BeforeEach
  void start() {
    scene = new ChatScene(folder, chat -> chat);
    scene.strong().otherwise(answer("strong", 10, 2));
    scene.weak.otherwise(answer("weak", 10, 2));
  }

  @AfterEach
  void stop() {
    scene.close();
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

  private static String why(JsonNode decision) {
    return decision.path("why").textValue();
  }

  @Test
  void theWinProbabilityIsSetAgainstTheThreshold() {
    scene.openGate();
    JsonNode weak = decision(scene.ask("auto", "easy"));
    assertEquals(
        "The router held the weak model for good enough: confidence 0.9 reaches the certified"
            + " threshold 0.5.",
        why(weak));
    assertEquals(
        "At most 5 % of all answers of this chat are worse than the strong model's, at confidence"
            + " 95 %: 2 of 200 judged prompts were lost at these thresholds (p = 0.01, needed at"
            + " most 0.025).",
        weak.path("risk").textValue());
    assertEquals("small-chat@1", weak.path("version").textValue());
    assertEquals(0.5, weak.path("attempts").path(0).path("threshold").asDouble());

    Routers.open(scene.gateway, "assistant", 0.25, 0.5, ChatScene.CONTRACT);
    JsonNode strong = decision(scene.ask("auto", "hard"));
    assertEquals(
        "The router was not sure enough of the weak model: confidence 0.25 is below the certified"
            + " threshold 0.5. So the strong model answered.",
        why(strong));
    assertEquals("None: the answer is the strong model's own.", strong.path("risk").textValue());
    assertEquals("big-chat@1", strong.path("version").textValue());
    assertEquals(
        "Passed on: confidence 0.25 is below the certified threshold 0.5.",
        strong.path("attempts").path(0).path("reason").textValue());
  }

  @Test
  void anAlternativeIsSetAgainstItsOwnRoutersCertificate() throws IOException {
    scene.close();
    scene =
        new ChatScene(
            Files.createDirectory(folder.resolve("two")), ChatDecisionTest::withAlternative);
    scene.strong().otherwise(answer("strong", 10, 2));
    scene.third.otherwise(answer("third", 10, 2));
    Contract half = new Contract(0.025, 0.025);
    Routers.open(scene.gateway, "assistant", 0.3, 0.6, half);
    Routers.open(scene.gateway, "assistant-third", 0.9, 0.5, half);

    Answer answer = scene.ask("auto", "medium");
    JsonNode third = decision(answer);
    assertEquals(
        answer.header("x-tierwise-certificate"),
        third.path("gate").path("certificate").path("id").textValue());
    assertEquals(
        "The router held the weak model for good enough: confidence 0.9 reaches the certified"
            + " threshold 0.5.",
        why(third));
    assertEquals(
        "At most 2.5 % of all answers of this chat are worse than the strong model's, at"
            + " confidence 97.5 %: 2 of 200 judged prompts were lost at these thresholds"
            + " (p = 0.01, needed at most 0.025).",
        third.path("risk").textValue());
    JsonNode passed = third.path("attempts").path(0);
    assertTrue(passed.path("threshold").isNull(), passed::toString);
    assertEquals(
        "Passed on: confidence 0.3 did not pass its own router's gate.",
        passed.path("reason").textValue());

    Routers.open(scene.gateway, "assistant-third", 0.4, 0.5, half);
    assertEquals(
        "The router was not sure enough of the weak model: confidence 0.4 did not pass its own"
            + " router's gate. So the strong model answered.",
        why(decision(scene.ask("auto", "hard"))));
  }

  /** A third model at the strong one's price, with a router of its own. */
  private static ChatConfig withAlternative(ChatConfig chat) {
    return new ChatConfig(
        chat.name(),
        chat.strong(),
        List.of(
            chat.weak().getFirst(),
            new WeakConfig(new ChatModel("third", "call"), "assistant-third")),
        List.of(),
        chat.contract(),
        chat.audit(),
        chat.judge(),
        chat.exactCache(),
        chat.semanticCache(),
        false,
        chat.secondStage());
  }

  @Test
  void whatTheCallerChoseIsSaidToBeItsChoice() {
    JsonNode cheap = decision(scene.ask("auto:cheap", "hi"));
    assertEquals("The caller asked for the cheaper model.", why(cheap));
    assertEquals(
        "Outside the contract: the caller asked for the cheaper model.",
        cheap.path("risk").textValue());
    assertEquals(
        "No router was certified (new task), so the strong model answered.",
        why(decision(scene.ask("auto", "hi"))));
    scene.openGate();
    assertEquals(
        "The caller asked for the strong model, or there was no text to route by.",
        why(decision(scene.ask("auto:quality", "hi"))));
  }

  @Test
  void aModelThatCouldNotAnswerIsNamed() {
    scene.openGate();
    scene.weak.then(status(500));
    JsonNode decision = decision(scene.ask("auto", "easy"));
    assertEquals(
        "The weak model was to answer and could not, so the strong one did.", why(decision));
    assertEquals(
        "It gave no usable answer.", decision.path("attempts").path(0).path("reason").textValue());
    scene.strong().then(status(400));
    assertEquals(
        "The upstream found the request wrong; what it said was passed on.",
        why(decision(scene.ask("auto:quality", "bad"))));
  }
}
