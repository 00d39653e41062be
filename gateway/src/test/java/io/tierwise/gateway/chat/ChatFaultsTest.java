package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.hangUp;
import static io.tierwise.gateway.testing.ScriptedUpstream.json;
import static io.tierwise.gateway.testing.ScriptedUpstream.throttled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with chats that are no stream, and with budgets on those that are. */
final class ChatFaultsTest {
  @TempDir Path folder;
  private ChatScene scene;

  @BeforeEach
  void start() {
    scene = new ChatScene(folder, chat -> chat);
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  private static ScriptedUpstream.Act brokenOff() {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write("{\"id\":".getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
      exchange.close();
    };
  }

  private LedgerEntry entry() {
    return scene.ledger().getLast();
  }

  @Test
  void anAnswerThatBreaksOffIsNone() {
    scene.strong().then(brokenOff());
    assertEquals("503 null large_unavailable", scene.ask("auto", "hi").error());
    assertEquals("large-unavailable", entry().refusal());
    assertEquals(Money.ZERO, entry().cost());
  }

  @Test
  void anAnswerThatIsNoJsonObjectIsNone() {
    for (String body : List.of("[1]", "{\"id\":", "<html>", "")) {
      scene.strong().then(json(200, body));
      assertEquals("503 null large_unavailable", scene.ask("auto", "hi").error());
    }
  }

  @Test
  void aConnectionThatEndsWithoutAWordIsNone() {
    scene.strong().then(hangUp());
    assertEquals(503, scene.ask("auto", "hi").status());
  }

  @Test
  void aWeakModelThatBreaksOffIsFollowedByTheStrongOne() {
    scene.openGate();
    scene.strong().otherwise(answer("strong", 10, 2));
    for (ScriptedUpstream.Act act : List.of(brokenOff(), hangUp(), throttled("1"))) {
      scene.weak.then(act);
      assertEquals("large", scene.ask("auto", "hi").header("x-tierwise-tier"));
      assertEquals(
          List.of(TierName.WEAK, TierName.LARGE),
          entry().lines().stream().map(LedgerEntry.Line::tier).toList());
    }
  }

  @Test
  void anUpstreamThatFailsAgainAndAgainIsLeftAlone() {
    scene.openGate();
    scene.weak.otherwise(hangUp());
    scene.strong().otherwise(answer("strong", 10, 2));
    for (int i = 0; i < 8; i++) {
      assertEquals("large", scene.ask("auto", "hi " + i).header("x-tierwise-tier"));
    }
    assertEquals(5, scene.weak.calls().size());
  }

  @Test
  void aCallerThatGoesAwayWhileItWaitsCallsItOff() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    scene.strong().then(ScriptedUpstream.held(arrived, release, answer("late", 10, 2)));
    byte[] body =
        "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    try (Socket caller =
        new Socket(InetAddress.getLoopbackAddress(), scene.gateway.server().port())) {
      caller
          .getOutputStream()
          .write(
              ("POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer "
                      + scene.gateway.key()
                      + "\r\ncontent-type: application/json\r\ncontent-length: "
                      + body.length
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      caller.getOutputStream().write(body);
      caller.getOutputStream().flush();
      arrived.await();
    }
    scene.gateway.server().close();
    release.countDown();
    assertEquals("cancelled", entry().refusal());
    assertEquals(Money.ZERO, entry().cost());
  }

  private static ScriptedUpstream.Act stream() {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      String events =
          "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},"
              + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
      exchange.getResponseBody().write(events.getBytes(StandardCharsets.UTF_8));
      exchange.close();
    };
  }

  /** A call is $0.0001 and its reservation all models' price: the third finds too little left. */
  @Test
  void aStreamSettlesWhatItReservedForWhatItCost() throws IOException {
    scene.gateway.restart(Setup.USUAL.budgets(RunningGateway.daily("default", "0.00025")));
    scene.strong().otherwise(stream());
    for (int i = 0; i < 2; i++) {
      Answer got = scene.askWith("auto:quality", "hi", ",\"stream\":true");
      assertTrue(got.response().body().endsWith("data: [DONE]\n\n"), got.response().body());
    }
    assertEquals(
        "429 null budget_exhausted",
        scene.askWith("auto:quality", "hi", ",\"stream\":true").error());
    assertEquals(
        Money.of("0.0002"),
        scene.ledger().stream().map(LedgerEntry::cost).reduce(Money.ZERO, Money::plus));
    assertEquals(2, scene.strong().calls().size());
  }
}
