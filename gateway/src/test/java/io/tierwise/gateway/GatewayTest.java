package io.tierwise.gateway;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.hangUp;
import static io.tierwise.gateway.testing.ScriptedUpstream.json;
import static io.tierwise.gateway.testing.ScriptedUpstream.status;
import static io.tierwise.gateway.testing.ScriptedUpstream.throttled;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.request.Input;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole gateway over real sockets: which tier answers, at what cost, and what is recorded. */
class GatewayTest {
  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private RunningGateway running;

  private RunningGateway start(Setup setup) {
    running = new RunningGateway(folder, setup);
    return running;
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
    if (running != null) {
      running.close();
    }
  }

  private static List<TierName> tiers(LedgerEntry entry) {
    return entry.lines().stream().map(LedgerEntry.Line::tier).toList();
  }

  @Test
  void answersFromTheLargeModelAndThenFromTheExactCache() {
    start(Setup.USUAL);
    Students.shut(running, "test");
    running.gateway().refresh();

    Answer first = running.ask("Where is my parcel?");
    assertEquals("large", first.tier());
    assertEquals("1.0", first.header("x-tierwise-confidence"));
    // 20 tokens at 2.5 and 1 at 10 dollars per million, and a lookup at 0.00000001.
    assertEquals("0.00006001", first.header("x-tierwise-cost-usd"));
    assertEquals("-0.00000001", first.header("x-tierwise-saved-usd"));
    assertNull(first.header("x-tierwise-threshold"));
    assertNull(first.header("x-tierwise-certificate"));
    assertNull(first.header("x-tierwise-artifact"));

    Answer again = running.ask("  Where is my parcel? ");
    assertEquals("exact-cache", again.tier());
    assertEquals("refund", again.label());
    assertEquals("0.00000001", again.header("x-tierwise-cost-usd"));
    assertEquals("0.00005999", again.header("x-tierwise-saved-usd"));
    assertEquals("false", again.header("x-tierwise-degraded"));
    assertEquals(0, again.json().path("usage").path("total_tokens").asInt());
    assertEquals(1, running.upstream.calls().size());

    assertEquals("large", running.ask("Where is my parcel?", "cache-control", "no-cache").tier());
    assertEquals("large", running.ask("New", "cache-control", "no-store").tier());
    assertEquals("large", running.ask("New").tier());
  }

  @Test
  void remembersAnswersOverARestart() {
    start(Setup.USUAL);
    running.ask("Where is my parcel?");
    running.restart(Setup.USUAL);
    Students.shut(running, "test");
    running.gateway().refresh();
    Answer again = running.ask("Where is my parcel?");
    assertEquals("exact-cache", again.tier());
    assertEquals(Optional.empty(), running.gateway().firstKey());
  }

  @Test
  void answersFromTheStudentUnderItsCertificate() {
    start(Setup.USUAL);
    String version = Students.publish(running, 0.05, 0.9, 0.05);
    String certificate = Students.open(running, version, 0.8);
    running.gateway().refresh();

    Answer answer = running.ask("Where is my parcel?");
    assertEquals("student", answer.tier());
    assertEquals("delivery", answer.label());
    assertEquals(0.9, Double.parseDouble(answer.header("x-tierwise-confidence")), 1e-6);
    assertEquals("0.8", answer.header("x-tierwise-threshold"));
    assertEquals(certificate, answer.header("x-tierwise-certificate"));
    assertEquals(version, answer.header("x-tierwise-artifact"));
    // A lookup and a student's answer.
    assertEquals("0.00000011", answer.header("x-tierwise-cost-usd"));
    assertEquals(List.of(), running.upstream.calls());
    assertEquals(version, answer.json().path("system_fingerprint").asText());
  }

  @Test
  void escalatesWhenTheStudentIsUnsure() {
    start(Setup.USUAL);
    Students.open(running, Students.publish(running, 0.3, 0.4, 0.3), 0.8);
    running.gateway().refresh();
    Answer answer = running.ask("Where is my parcel?");
    assertEquals("large", answer.tier());
    LedgerEntry entry = running.ledger().getLast();
    assertEquals(List.of(TierName.EXACT_CACHE, TierName.STUDENT, TierName.LARGE), tiers(entry));
    assertEquals(Verdict.PASSED_ON, entry.lines().get(1).verdict());
    assertEquals(Money.of("0.00006011"), entry.cost());
  }

  @Test
  void observesFirst() {
    start(Setup.USUAL);
    assertInstanceOf(Gate.Observe.class, running.gateway().gate("support"));
    String version = Students.publish(running, 0.05, 0.9, 0.05);
    Students.open(running, version, 0.8);
    try (var database = Database.open(running.data)) {
      new GateStore(database, running.clock).observe("support", "test");
    }
    running.gateway().refresh();
    running.ask("Where is my parcel?");
    Answer answer = running.ask("Where is my parcel?");
    assertEquals("large", answer.tier());
    LedgerEntry entry = running.ledger().getLast();
    assertEquals(
        List.of(Verdict.WOULD_ACCEPT, Verdict.WOULD_ACCEPT, Verdict.ACCEPTED),
        entry.lines().stream().map(LedgerEntry.Line::verdict).toList());
    assertEquals(2, running.upstream.calls().size());
  }

  @Test
  void followsWhatAnotherProcessMoves() {
    start(Setup.USUAL);
    String first = Students.publish(running, 0.05, 0.9, 0.05);
    Students.open(running, first, 0.8);
    running.gateway().refresh();
    assertEquals("student", running.ask("a").tier());

    Students.shut(running, "drift");
    running.gateway().refresh();
    assertEquals(new Gate.Shut("drift"), running.gateway().gate("support"));
    assertEquals("large", running.ask("b").tier());

    Students.open(running, first, 0.8);
    String second = Students.publish(running, 0.9, 0.05, 0.05);
    running.gateway().refresh();
    assertNotEquals(first, second);
    assertEquals(Optional.of(second), running.gateway().artifact("support"));
    assertEquals(
        new Gate.Shut("no certificate for the live artifact"), running.gateway().gate("support"));
    assertEquals("large", running.ask("c").tier());

    Students.open(running, second, 0.8);
    running.gateway().refresh();
    assertEquals("student", running.ask("d").tier());
  }

  @Test
  void keepsTheStudentItHasWhereTheNewOneIsForOtherLabels() {
    start(Setup.USUAL);
    String good = Students.publish(running, 0.05, 0.9, 0.05);
    Students.open(running, good, 0.8);
    running.gateway().refresh();
    Students.publish(running, List.of("refund", "delivery"), 0.1, 0.9);
    running.gateway().refresh();
    assertEquals(Optional.of(good), running.gateway().artifact("support"));
    assertEquals("student", running.ask("a").tier());
  }

  @Test
  void recordsEveryRequestBeforeItsAnswerLeaves() {
    start(Setup.USUAL);
    Answer answer = running.ask("hi");
    LedgerEntry entry = running.ledger().getLast();
    assertEquals(answer.header("x-tierwise-request-id"), entry.requestId());
    assertEquals("default", entry.tenant());
    assertEquals(TierName.LARGE, entry.answeredBy());
    assertEquals("big@1", entry.version());
    assertEquals(answer.header("x-tierwise-cost-usd"), entry.cost().toString());
  }

  @Test
  void refusesWhenTheLargeModelIsUnavailable() {
    start(Setup.USUAL.timeout(Duration.ofMillis(200)));
    running.upstream.then(
        status(500),
        throttled("120"),
        hangUp(),
        json(200, "<html>garbage"),
        answer("none of them", 20, 3),
        running.upstream.silence());
    for (int i = 0; i < 6; i++) {
      Answer answer = running.ask("text " + i);
      assertEquals("503 null large_unavailable", answer.error());
      assertTrue(Integer.parseInt(answer.header("retry-after")) > 0);
      assertNull(answer.tier());
    }
    LedgerEntry refused = running.ledger().getFirst();
    assertEquals("large-unavailable", refused.refusal());
    assertNull(refused.answeredBy());
  }

  @Test
  void givesTheBestCheapCandidateWherePolicySaysSo() {
    start(Setup.USUAL.whenLargeUnavailable(Fallback.CHEAP_ONLY));
    Students.shut(running, "test");
    String version = Students.publish(running, 0.3, 0.4, 0.3);
    running.gateway().refresh();
    running.upstream.otherwise(status(500));
    Answer answer = running.ask("hi");
    assertEquals(200, answer.status());
    assertEquals("student", answer.tier());
    assertEquals("delivery", answer.label());
    assertEquals("true", answer.header("x-tierwise-degraded"));
    assertEquals(version, answer.header("x-tierwise-artifact"));
    assertNull(answer.header("x-tierwise-certificate"));
    assertTrue(running.ledger().getLast().degraded());
  }

  @Test
  void letsTheCallerChooseTheTiers() {
    start(Setup.USUAL);
    Students.open(running, Students.publish(running, 0.05, 0.9, 0.05), 0.8);
    running.gateway().refresh();
    assertEquals("large", running.ask("a", "x-tierwise-policy", "large-only").tier());
    Answer cheap = running.ask("b", "x-tierwise-policy", "cheap-only");
    assertEquals("student", cheap.tier());
    assertEquals("false", cheap.header("x-tierwise-degraded"));
    assertEquals(1, running.upstream.calls().size());
  }

  @Test
  void saysWhenNoCheapTierHasAnAnswer() {
    start(Setup.USUAL);
    Answer answer = running.ask("a", "x-tierwise-policy", "cheap-only");
    assertEquals("503 null no_cheap_candidate", answer.error());
    assertEquals("false", answer.header("x-should-retry"));
  }

  @Test
  void failsFastOnceTheBreakerIsOpen() {
    start(Setup.USUAL);
    running.upstream.otherwise(status(500));
    for (int i = 0; i < 5; i++) {
      running.ask("text " + i);
    }
    Answer answer = running.ask("one more");
    assertEquals("503 null large_unavailable", answer.error());
    assertEquals("10", answer.header("retry-after"));
    assertEquals(5, running.upstream.calls().size());
    assertTrue(
        running
            .gateway()
            .metrics()
            .scrape()
            .contains("tierwise_breaker_state{state=\"open\",upstream=\"gpu\"} 1.0"));
  }

  @Test
  void boundsRetries() {
    start(Setup.USUAL.retries(2));
    running.upstream.then(status(500), status(500));
    Answer answer = running.ask("hi");
    assertEquals(200, answer.status());
    assertEquals(3, running.ledger().getLast().lines().getLast().usage().requests());
    running.upstream.otherwise(throttled("0"));
    assertEquals(503, running.ask("ho").status());
    assertEquals(6, running.upstream.calls().size());
  }

  @Test
  void keepsAuditedAnswersApartFromTheRest() {
    start(Setup.USUAL.auditRate(1));
    Students.shut(running, "test");
    String version = Students.publish(running, 0.05, 0.9, 0.05);
    running.gateway().refresh();
    Answer answer = running.ask("hi");
    try (var database = Database.open(running.data)) {
      var row = new AuditStore(database, running.clock).rows("support").getFirst();
      assertEquals(answer.header("x-tierwise-request-id"), row.requestId());
      assertEquals(version, row.artifact());
      assertEquals(false, row.proposals().get(TierName.STUDENT).agrees());
      assertEquals(false, row.referenceMissing());
      var corpus =
          CorpusStore.open(
              database, running.clock, CorpusStore.keyFile(running.data), new SecureRandom());
      assertEquals(new Input.Text("hi"), corpus.rows("support", true).getFirst().input());
      assertEquals(List.of(), corpus.rows("support", false));
    }
  }

  @Test
  void asksTheLargeModelForAuditsAfterTheStudentHasAnswered() {
    start(Setup.USUAL.auditRate(1));
    String version = Students.publish(running, 0.05, 0.9, 0.05);
    Students.open(running, version, 0.8);
    running.gateway().refresh();
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    running.upstream.then(ScriptedUpstream.held(arrived, release, answer("delivery", 20, 1)));
    Answer answer = running.ask("hi");
    assertEquals("student", answer.tier());
    release.countDown();
    running.restart(Setup.USUAL);

    LedgerEntry audit = running.ledger().getLast();
    assertEquals(LedgerEntry.Purpose.AUDIT, audit.purpose());
    assertEquals(answer.header("x-tierwise-request-id"), audit.requestId());
    assertEquals(Money.of("0.00006"), audit.cost());
    assertEquals("exact-cache", running.ask("hi").tier());
  }

  @Test
  void chargesCountedTokensWhereTheLargeModelReportsNone() {
    start(Setup.USUAL);
    running.upstream.then(
        ScriptedUpstream.json(200, "{\"choices\": [{\"message\": {\"content\": \"refund\"}}]}"));
    assertEquals("refund", running.ask("hi").label());
    LedgerEntry.Line large = running.ledger().getLast().lines().getLast();
    assertTrue(large.usage().estimated(), large::toString);
    assertTrue(large.cost().compareTo(Money.ZERO) > 0, large::toString);
  }

  @Test
  void keepsWithinABudgetAlsoOverARestart() {
    Setup setup = Setup.USUAL.budgets(RunningGateway.daily("default", "0.0004"));
    start(setup);
    // Four times the expected cost is set aside: 0.00004 at first, 0.00024 once usage is known.
    assertEquals(200, running.ask("text 1").status());
    assertEquals(200, running.ask("text 2").status());
    assertEquals(200, running.ask("text 3").status());
    running.restart(setup);
    Answer refused = running.ask("text 4");
    assertEquals("429 null budget_exhausted", refused.error());
    assertEquals("43200", refused.header("retry-after"));
    running.clock.advance(Duration.ofHours(12));
    assertEquals(200, running.ask("text 5").status());
  }

  @Test
  void finishesWhatIsUnderWayWhenItStops() throws Exception {
    start(Setup.USUAL);
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    running.upstream.then(ScriptedUpstream.held(arrived, release, answer("other", 5, 1)));
    CompletableFuture<Answer> pending =
        CompletableFuture.supplyAsync(() -> running.ask("hi"), threads);
    arrived.await();
    CompletableFuture<Void> stopping = CompletableFuture.runAsync(running.server()::close, threads);
    while (takesConnections(running.server().port())) {
      Thread.onSpinWait();
    }
    release.countDown();
    Answer answer = pending.get();
    assertEquals("other", answer.label(), answer.response().body());
    stopping.get();
  }

  private static boolean takesConnections(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
