package io.tierwise.gateway;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The semantic cache as a tier of the gateway, over real sockets. */
class SemanticServingTest {
  private static final Setup SETUP = Setup.USUAL.withSemanticCache();

  @TempDir private Path folder;
  private RunningGateway running;

  private void start(Setup setup) {
    running = new RunningGateway(folder, setup);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  /** A student that is never sure enough, and a semantic cache that answers from 0.9. */
  private String open() {
    String version = Students.publish(running, 0.3, 0.4, 0.3);
    String certificate =
        Students.open(
            running,
            version,
            new Thresholds(
                Map.of(
                    TierName.STUDENT, new Confidence(0.8),
                    TierName.SEMANTIC_CACHE, new Confidence(0.9))));
    running.gateway().refresh();
    return certificate;
  }

  @Test
  void answersAQuestionThatMeansTheSameUnderTheCertificate() {
    start(SETUP);
    String certificate = open();
    running.upstream.then(answer("delivery", 20, 1));
    assertEquals("large", running.ask("so where is my small parcel now").tier());
    running.gateway().refresh();

    Answer same = running.ask("so where is my small parcel now, now");
    assertEquals("semantic-cache", same.tier());
    assertEquals("delivery", same.label());
    // Eight words, one of them twice, against seven.
    assertEquals(8 / Math.sqrt(70), Double.parseDouble(same.header("x-tierwise-confidence")), 1e-6);
    assertEquals("0.9", same.header("x-tierwise-threshold"));
    assertEquals(certificate, same.header("x-tierwise-certificate"));
    assertNull(same.header("x-tierwise-artifact"));
    // A lookup in each cache, and the student's unsure answer between them.
    assertEquals("0.00000031", same.header("x-tierwise-cost-usd"));
    assertEquals("big@1", same.json().path("system_fingerprint").asText());
    assertEquals(1, running.upstream.calls().size());

    LedgerEntry entry = running.ledger().getLast();
    LedgerEntry.Line line = entry.lines().getLast();
    assertEquals(TierName.SEMANTIC_CACHE, line.tier());
    assertEquals(Verdict.ACCEPTED, line.verdict());
    assertEquals(Money.of("0.0000002"), line.cost());
    String metrics = running.get("/metrics").response().body();
    assertTrue(
        metrics.contains(
            "tierwise_requests_total{outcome=\"answered\",task=\"support\",tier=\"semantic-cache\"}"
                + " 1.0"),
        metrics);
    assertTrue(metrics.contains("tierwise_semantic_entries 1.0"), metrics);
  }

  @Test
  void escalatesBelowItsThresholdBehindAGuardAndWhereTheCallerTakesNoCachedAnswer() {
    start(SETUP);
    open();
    running.ask("where is parcel 17 of mine");
    running.gateway().refresh();
    assertEquals("large", running.ask("where is parcel 18 of mine").tier());
    assertEquals("large", running.ask("tell me please where is parcel 17").tier());
    assertEquals(
        "large",
        running.ask("where is parcel 17 of mine mine", "cache-control", "no-cache").tier());
    String metrics = running.get("/metrics").response().body();
    assertTrue(
        metrics.contains("tierwise_semantic_guarded_total{difference=\"number\",task=\"support\"}"),
        metrics);
  }

  @Test
  void answersNothingWithoutAThresholdOfItsOwn() {
    start(SETUP);
    Students.open(running, Students.publish(running, 0.3, 0.4, 0.3), 0.8);
    running.gateway().refresh();
    running.ask("where is my parcel");
    running.gateway().refresh();
    assertEquals("large", running.ask("where is my parcel parcel").tier());
  }

  @Test
  void auditsTryItAlsoAfterAnotherTierAndKeepWhatItProposed() {
    start(SETUP.auditRate(1));
    open();
    running.ask("where is my parcel");
    running.gateway().refresh();
    running.upstream.then(answer("delivery", 20, 1));
    // The exact cache answers; the semantic one is tried as well, and both were wrong.
    assertEquals("exact-cache", running.ask("where is my parcel").tier());
    running.restart(SETUP);
    try (Database database = Database.open(running.data)) {
      List<AuditRow> rows = new AuditStore(database, running.clock).rows("support");
      assertEquals(
          new AuditSample.Scored(Confidence.FULL, false),
          rows.getLast().proposals().get(TierName.SEMANTIC_CACHE));
      assertEquals(Verdict.WOULD_ACCEPT, rows.getLast().verdicts().get(TierName.SEMANTIC_CACHE));
    }
  }

  @Test
  void remembersOverARestart() {
    start(SETUP);
    open();
    running.ask("where is my parcel");
    running.restart(SETUP);
    assertEquals("semantic-cache", running.ask("where is my parcel parcel").tier());
  }
}
