package io.tierwise.gateway.server;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.held;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.Fallback;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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

  private static String body(String text) {
    return "{\"model\": \"support\", \"messages\": [{\"role\": \"user\", \"content\": \"%s\"}]}"
        .formatted(text);
  }

  /** A whole request. */
  private byte[] bytes(String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
            + running.key()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + length
            + "\r\n\r\n";
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  private Socket send(String body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), running.server().port());
    socket.getOutputStream().write(bytes(body));
    socket.getOutputStream().flush();
    return socket;
  }

  /** Waits until the ledger has this many. */
  private void entries(int count) {
    while (running.ledger().size() < count) {
      Thread.onSpinWait();
    }
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
    // Whoever comes after the first call has landed makes another.
    running.upstream.otherwise(answer("delivery", 20, 1));
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
  @CsvSource({
    "x-tierwise-timeout-ms, 60",
    "x-stainless-timeout, 0.06",
    "x-stainless-read-timeout, 0.06"
  })
  void aCallersDeadlineEndsItsRequest(String header, String value) {
    running.upstream.then(running.upstream.silence());
    Answer late = running.ask("hi", header, value);
    assertEquals("504 null deadline_exceeded", late.error());
    assertEquals("false", late.header("x-should-retry"));
    assertEquals("deadline-exceeded", running.ledger().getFirst().refusal());
  }

  @Test
  void theShortestOfSeveralDeadlinesCounts() {
    running.upstream.then(running.upstream.silence());
    Answer late =
        running.ask(
            "hi",
            "x-tierwise-timeout-ms",
            "60000",
            "x-stainless-read-timeout",
            "600",
            "x-stainless-timeout",
            "0.06");
    assertEquals("504 null deadline_exceeded", late.error());
  }

  @Test
  void aClientsZeroSecondsAreNoDeadline() {
    // OpenAI's client for Node cuts off the fraction of its timeout.
    assertEquals(200, running.ask("hi", "x-stainless-timeout", "0").status());
  }

  @ParameterizedTest
  @CsvSource({"x-stainless-timeout", "x-stainless-read-timeout"})
  void aClientsDeadlineThatIsNoNumberIsRefusedByName(String header) {
    assertEquals("400 " + header + " invalid_value", running.ask("hi", header, "soon").error());
  }

  @Test
  void theOtherDialectRefusesALateAnswerInItsOwnForm() {
    running.upstream.then(running.upstream.silence());
    Answer late =
        running.postTo(
            "/v2/models/support/infer",
            "{\"inputs\": [{\"name\": \"text\", \"shape\": [1], \"datatype\": \"BYTES\","
                + " \"data\": [\"hi\"]}]}",
            "x-tierwise-timeout-ms",
            "60");
    assertEquals(504, late.status());
    assertEquals(
        "{\"error\":\"There was no answer within the request's deadline.\"}",
        late.json().toString());
  }

  @Test
  void aLateAnswerFallsBackWhereThePolicySaysSo() {
    running.restart(Setup.USUAL.whenLargeUnavailable(Fallback.CHEAP_ONLY));
    Students.publish(running, 0.2, 0.7, 0.1);
    running.gateway().refresh();
    running.upstream.then(running.upstream.silence());
    Answer degraded = running.ask("hi", "x-tierwise-timeout-ms", "60");
    assertEquals(200, degraded.status());
    assertEquals("delivery", degraded.label());
    assertEquals("true", degraded.header("x-tierwise-degraded"));
    assertEquals("student", degraded.tier());
  }

  /** The large model has four places. */
  @Test
  void callersThatGoAwayLeaveNoPlaceTaken() throws Exception {
    int callers = 5;
    for (int i = 1; i <= callers; i++) {
      CountDownLatch here = new CountDownLatch(1);
      running.upstream.then(held(here, release, answer("refund", 20, 1)));
      Socket caller = send(body("text " + i));
      here.await();
      caller.close();
      entries(i);
    }
    assertEquals(
        List.of("cancelled"),
        running.ledger().stream().map(LedgerEntry::refusal).distinct().toList());
    assertEquals(callers, running.upstream.calls().size());
    assertEquals("large", running.ask("hi").tier());
  }

  @Test
  void aCallerThatGoesAwayLetsItsBudgetGo() throws Exception {
    running.restart(Setup.USUAL.budgets(RunningGateway.daily("default", "0.00006")));
    running.upstream.then(held(arrived, release, answer("refund", 20, 1)));
    Socket caller = send(body("hi"));
    arrived.await();
    // All of the budget is set aside for the one under way.
    assertEquals(429, running.ask("ho").status());
    caller.close();
    entries(2);
    assertEquals(200, running.ask("ho").status());
  }

  @Test
  void aCallerThatGoesAwayDoesNotFailAnotherOfTheSameQuestion() throws Exception {
    running.upstream.then(held(arrived, release, answer("delivery", 20, 1)));
    Socket first = send(body("hi"));
    arrived.await();
    Socket second = send(body("hi"));
    first.close();
    entries(1);
    assertEquals("cancelled", running.ledger().getFirst().refusal());
    release.countDown();
    String status =
        new BufferedReader(
                new InputStreamReader(second.getInputStream(), StandardCharsets.US_ASCII))
            .readLine();
    second.close();
    assertEquals("HTTP/1.1 200 OK", status.strip());
    assertEquals(2, running.ledger().size());
  }

  @Test
  void aConnectionIsGoodForMoreAfterALongWait() throws Exception {
    running.upstream.then(held(arrived, release, answer("delivery", 20, 1)));
    CountDownLatch again = new CountDownLatch(1);
    CountDownLatch between = new CountDownLatch(1);
    try (Socket caller = send(body("hi"))) {
      arrived.await();
      // When this one's going away is noticed, the first one's socket is read ahead of as well.
      running.upstream.then(held(between, release, answer("other", 20, 1)));
      Socket gone = send(body("go"));
      between.await();
      gone.close();
      entries(1);
      running.upstream.then(held(again, release, answer("refund", 20, 1)));
      caller.getOutputStream().write(bytes(body("ho")));
      caller.getOutputStream().flush();
      release.countDown();
      again.await();
      entries(3);
    }
    assertEquals(
        List.of("cancelled", "null", "null"),
        running.ledger().stream().map(entry -> String.valueOf(entry.refusal())).toList());
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
