package io.tierwise.gateway;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.FlywheelConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.flywheel.TaskLock;
import io.tierwise.gateway.flywheel.TrainingJobs;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.TrainingRun.Outcome;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.cost.Money;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.file.SoleUse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that keeps learning, over real sockets; only what trains is scripted. */
class FlywheelTest {
  @TempDir private Path folder;
  private RunningGateway running;
  private final List<String> started = new ArrayList<>();
  private boolean jobRuns = true;

  @BeforeEach
  void start() {
    running = new RunningGateway(folder, Setup.USUAL.auditRate(1), FlywheelTest::learning);
    running.gateway().keepLearning(this::job);
  }

  private TrainingJobs.Job job(String task, String reason) {
    started.add(task + ": " + reason);
    return new TrainingJobs.Job() {
      @Override
      public boolean running() {
        return jobRuns;
      }

      @Override
      public void stop() {
        jobRuns = false;
      }
    };
  }

  private static TierwiseConfig learning(TierwiseConfig config) {
    TaskConfig task = config.tasks().getFirst();
    return new TierwiseConfig(
        config.server(),
        config.data(),
        config.budgetData(),
        config.ledger(),
        config.upstreams(),
        config.prices(),
        List.of(
            new TaskConfig(
                task.name(),
                task.labels(),
                task.input(),
                task.contract(),
                task.large(),
                task.student(),
                task.exactCache(),
                task.semanticCache(),
                task.audit(),
                task.whenLargeUnavailable(),
                task.whenBudgetExhausted(),
                task.corpus(),
                new FlywheelConfig(true, 50, 40, 0.4, 20, FlywheelConfig.QUICK, false))),
        config.budgets());
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private void gather(int rows, boolean audited) {
    try (Database database = Database.open(running.data)) {
      CorpusStore corpus =
          CorpusStore.open(
              database, running.clock, CorpusStore.keyFile(running.data), new SecureRandom());
      Label label = new Label("refund");
      for (int i = 0; i < rows; i++) {
        corpus.add(
            new Tenant("acme"),
            "support",
            new Input.Text("text " + i),
            label,
            Distribution.certain(label),
            audited,
            Duration.ofDays(1),
            "request-" + i);
      }
    }
  }

  private JsonNode flywheel() {
    return running.get("/v1/tasks/support/contract").json().path("flywheel");
  }

  @Test
  void aTrainingStartsOnceWhenAnswersAndAuditsHaveGathered() {
    running.gateway().turn();
    gather(50, false);
    gather(71, true);
    running.gateway().turn();
    assertEquals(List.of(), started, "72 audits are the fewest that certify");
    gather(1, true);
    running.gateway().turn();
    running.gateway().turn();
    assertEquals(List.of("support: 50 answers and 72 audits gathered"), started);
  }

  private void audits(int count, String label) {
    try (Database database = Database.open(running.data)) {
      AuditStore audits = new AuditStore(database, running.clock);
      for (int i = 0; i < count; i++) {
        audits.keep(
            "support",
            new AuditRow(label + i, null, null, Map.of(), Map.of(), false, new Label(label)),
            Money.ZERO);
      }
    }
  }

  @Test
  void aNamedDriftIsToldEverywhereAndStartsATrainingWithFewerAnswers() {
    gather(50, false);
    gather(72, true);
    running.gateway().turn();
    jobRuns = false;
    running.gateway().turn();
    assertEquals(1, started.size());
    audits(100, "refund");
    audits(100, "delivery");
    running.clock.advance(Duration.ofSeconds(1));
    running.gateway().refresh();
    JsonNode drifts = running.get("/v1/tasks/support/contract").json().path("drifts");
    assertEquals(1, drifts.size(), drifts.toString());
    assertEquals("label-shift", drifts.path(0).path("kind").textValue());
    assertTrue(
        running
            .gateway()
            .metrics()
            .scrape()
            .contains("tierwise_drifts_total{kind=\"label-shift\",task=\"support\"} 1.0"));
    running.clock.advance(Duration.ofSeconds(1));
    gather(39, false);
    running.gateway().turn();
    assertEquals(1, started.size(), "40 answers since then start the next");
    gather(1, false);
    running.gateway().turn();
    assertEquals(
        "support: an alarm or a named drift, and 40 answers and 72 audits gathered since",
        started.getLast());
  }

  @Test
  void aJobThatSaysNothingIsAFailedRunAndNotStartedForEver() {
    gather(50, false);
    gather(72, true);
    running.gateway().turn();
    jobRuns = false;
    running.gateway().turn();
    running.gateway().turn();
    assertEquals(1, started.size());
    assertEquals("failed", flywheel().path("last_error").path("outcome").textValue());
  }

  @Test
  void aJobThatOutlivedItsGatewayIsWaitedForAndAKilledOneIsMadeAgain() throws IOException {
    gather(50, false);
    gather(72, true);
    try (Database database = Database.open(running.data)) {
      TrainingRuns runs = new TrainingRuns(database, running.clock);
      try (SoleUse lock = TaskLock.tryAcquire(running.data, "support").orElseThrow()) {
        assertTrue(TaskLock.held(running.data, "support"));
        assertNotNull(lock);
        runs.begin("support", "test");
        running.gateway().turn();
        assertEquals(List.of(), started);
        assertEquals("running", flywheel().path("last_run").path("outcome").textValue());
      }
      running.gateway().turn();
      assertEquals(Outcome.KILLED, runs.last("support").orElseThrow().outcome());
      assertEquals(1, started.size());
    }
  }

  @Test
  void aStudentOnTrialAnswersItsShareUnderItsOwnCertificateAndThenGoesLive() throws IOException {
    // Without its keeper, so that no turn of the background's ends the trial while it is counted.
    running.restart(Setup.USUAL.auditRate(1));
    running.upstream.otherwise(answer("refund", 20, 1));
    String version = Students.publishOnTrial(running, 0.9, 0.06, 0.04);
    String certificate = Students.certify(running, version, 0.8);
    running.gateway().refresh();
    running.gateway().refresh();

    Map<String, Integer> tiers = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      RunningGateway.Answer answer = running.ask("text " + i);
      tiers.merge(answer.tier(), 1, Integer::sum);
      if (answer.tier().equals("student")) {
        assertEquals(certificate, answer.header("x-tierwise-certificate"));
      }
    }
    // Two standard errors of 24 are 7.6.
    assertEquals(24, tiers.get("student"), 12, tiers.toString());
    // The end waits for the audits under way.
    running.restart(Setup.USUAL.auditRate(1));
    running.gateway().keepLearning(this::job);
    assertEquals((int) tiers.get("student"), auditsUnder(certificate));
    running.gateway().turn();
    running.gateway().refresh();
    assertEquals(version, running.gateway().artifact("support").orElseThrow());
    assertEquals("student", running.ask("one more").tier());
  }

  private int auditsUnder(String certificate) {
    try (Database database = Database.open(running.data)) {
      return (int)
          new AuditStore(database, running.clock)
              .rows("support").stream()
                  .filter(row -> certificate.equals(row.certificate()))
                  .count();
    }
  }
}
