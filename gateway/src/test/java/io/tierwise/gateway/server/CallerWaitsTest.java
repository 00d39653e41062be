package io.tierwise.gateway.server;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.held;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that share an answer, cannot wait for one, or go away before it comes. */
class CallerWaitsTest {
  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private RunningGateway running;

  @BeforeEach
  void start() {
    running = new RunningGateway(folder, Setup.USUAL);
  }

  @AfterEach
  void stop() {
    release.countDown();
    threads.shutdownNow();
    running.close();
  }

  private Socket send(String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.server().port());
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + running.key()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return socket;
  }

  private LedgerEntry onlyEntry() {
    List<LedgerEntry> ledger = running.ledger();
    while (ledger.isEmpty()) {
      Thread.onSpinWait();
      ledger = running.ledger();
    }
    assertEquals(1, ledger.size());
    return ledger.getFirst();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCallerThatGoesAwayEndsTheCallAndIsRecordedAsGone(boolean stream) throws Exception {
    CompletableFuture<String> upstreamSaw = new CompletableFuture<>();
    running.upstream.then(exchange -> {
      arrived.countDown();
      // A server notices by writing: the gateway has closed, or takes what it is sent.
      try {
        release.await();
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < 100_000; i++) {
          exchange.getResponseBody().write(' ');
          exchange.getResponseBody().flush();
        }
        upstreamSaw.complete("nothing");
      } catch (IOException e) {
        upstreamSaw.complete("closed");
      } catch (InterruptedException e) {
        upstreamSaw.complete("interrupted");
      }
    });
    try (Socket caller =
        send(
            "{\"model\": \"support\", \"stream\": "
                + stream
                + ", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}")) {
      arrived.await();
      assertTrue(caller.isConnected());
    }
    LedgerEntry entry = onlyEntry();
    assertEquals("cancelled", entry.refusal());
    assertEquals(1, entry.lines().getLast().usage().requests());
    release.countDown();
    assertEquals("closed", upstreamSaw.get());
    assertEquals("large", running.ask("hi").tier());
  }

  @Test
  void callersOfTheSameQuestionShareOneCallAndOnePaysForIt() throws Exception {
    running.upstream.then(held(arrived, release, answer("delivery", 20, 1)));
    List<Future<Answer>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(threads.submit(() -> running.ask("hi")));
    }
    arrived.await();
    release.countDown();
    for (Future<Answer> each : asked) {
      assertEquals("delivery", each.get().label());
    }
    List<LedgerEntry> ledger = running.ledger();
    assertEquals(20, ledger.size());
    assertEquals(20, ledger.stream().map(LedgerEntry::requestId).distinct().count());
    long charged =
        ledger.stream()
            .flatMap(entry -> entry.lines().stream())
            .filter(line -> line.usage().inputTokens() > 0)
            .count();
    assertEquals(running.upstream.calls().size(), charged);
    for (LedgerEntry entry : ledger) {
      assertEquals(Money.of("0.00006"), entry.counterfactual());
    }
  }

  @ParameterizedTest
  @CsvSource({"x-tierwise-timeout-ms, 60", "x-stainless-timeout, 0.06"})
  void aCallersDeadlineEndsItsRequest(String header, String value) {
    running.upstream.then(running.upstream.silence());
    Answer late = running.ask("hi", header, value);
    assertEquals("504 null deadline_exceeded", late.error());
    assertEquals("false", late.header("x-should-retry"));
    assertEquals("deadline-exceeded", running.ledger().getFirst().refusal());
  }

  @Test
  void aDeadlineIsNeverLongerThanTheTasks() {
    assertEquals(200, running.ask("hi", "x-stainless-timeout", "600").status());
    assertEquals(200, running.ask("hi", "x-tierwise-timeout-ms", "999999999").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "soon", "1e3", "", "0.000", "12345678901"})
  void aDeadlineThatIsNoneIsRefusedByName(String value) {
    assertEquals(
        "400 x-tierwise-timeout-ms invalid_value",
        running.ask("hi", "x-tierwise-timeout-ms", value).error());
    assertEquals(List.of(), running.ledger());
  }

  @Test
  void theLimitsOfTheEndpointAreNotTheCallers() {
    running.restart(Setup.USUAL.timeout(Duration.ofMillis(60)));
    running.upstream.then(running.upstream.silence());
    assertEquals("503 null large_unavailable", running.ask("hi").error());
  }
}
