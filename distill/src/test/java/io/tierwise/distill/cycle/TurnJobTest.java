package io.tierwise.distill.cycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Corpora;
import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.data.Answered;
import io.tierwise.gateway.flywheel.TaskLock;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.gateway.store.TrainingRun;
import io.tierwise.gateway.store.TrainingRun.Outcome;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.file.SoleUse;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A turn of the flywheel through the real stores, registry and engines, on a small corpus. */
class TurnJobTest {
  private static final String TASK = Corpora.DESK.name();

  @TempDir private static Path cache;
  private static SentenceEncoder encoder;

  @TempDir private Path data;
  private Database database;
  private TrainingRuns runs;
  private GateStore gates;
  private CorpusStore corpus;
  private DirectoryRegistry registry;

  @BeforeAll
  static void openEncoder() throws IOException {
    encoder = SentenceEncoder.bgeSmall(1);
  }

  @AfterAll
  static void closeEncoder() {
    encoder.close();
  }

  @BeforeEach
  void open() {
    database = Database.open(data);
    runs = new TrainingRuns(database, Corpora.CLOCK);
    gates = new GateStore(database, Corpora.CLOCK);
    corpus =
        CorpusStore.open(database, Corpora.CLOCK, CorpusStore.keyFile(data), new SecureRandom());
    registry = new DirectoryRegistry(data.resolve("registry"), Corpora.CLOCK);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void keep(List<Answered> texts, boolean audited) {
    for (Answered text : texts) {
      corpus.add(
          new Tenant("acme"),
          TASK,
          text.input(),
          text.label(),
          text.reference(),
          audited,
          Duration.ofDays(1),
          "request");
    }
  }

  private StudentCycle.Result turn(long seed) throws IOException {
    return TurnJob.run(
        DistillSpec.of(Corpora.DESK, seed),
        new Contract(0.1, 0.05),
        new TurnJob.Place(
            data,
            new StudentCycle.Stores(
                corpus,
                new AuditStore(database, Corpora.CLOCK),
                gates,
                new SliceStore(database, gates, Corpora.CLOCK),
                registry),
            runs),
        "test",
        new DistillJob.Workshop(encoder, Corpora.VOCABULARY, cache, Corpora.CLOCK, Progress.SILENT),
        Contestants.BAG);
  }

  private TrainingRun lastRun() {
    return runs.last(TASK).orElseThrow();
  }

  @Test
  void aCertifiedStudentGoesOnTrialAndNothingElseMoves() throws IOException {
    keep(Corpora.separable(60, 1), false);
    keep(Corpora.separable(100, 2), true);

    StudentCycle.Result result = turn(1);

    assertNotNull(result.artifact());
    assertEquals(
        result.artifact(),
        registry.resolve(TASK, Registry.CANARY).orElseThrow().manifest().version());
    assertEquals(Optional.empty(), registry.resolve(TASK, Registry.LIVE));
    assertEquals("on trial: certified in test 1", registry.history(TASK).getFirst().reason());
    assertInstanceOf(Gate.Observe.class, gates.state(TASK).gate());
    assertTrue(gates.usableOnTrial(TASK, result.artifact(), new Contract(0.1, 0.05)).isPresent());
    assertEquals(Outcome.CERTIFIED, lastRun().outcome());
    assertEquals(result.artifact(), lastRun().artifact());
    assertFalse(Files.exists(data.resolve("flywheel").resolve(TASK + "-1")));
  }

  @Test
  void aStudentThatAnswersNoMoreThanTheLiveOneDoesNotTakeItsPlace() throws IOException {
    keep(Corpora.separable(60, 1), false);
    keep(Corpora.separable(100, 2), true);
    String incumbent = turn(1).artifact();
    assertNotNull(incumbent);
    registry.point(TASK, Registry.LIVE, incumbent, "test");
    gates.open(TASK, incumbent, gates.latestFor(TASK, incumbent).orElseThrow().id(), "test");

    // The same seed and texts give the same student, which covers no more than itself.
    assertNull(turn(1).artifact());

    assertEquals(Outcome.WITHHELD, lastRun().outcome());
    assertTrue(lastRun().detail().startsWith("certified, but it covers "), lastRun().detail());
    assertEquals(
        incumbent, registry.resolve(TASK, Registry.LIVE).orElseThrow().manifest().version());
  }

  @Test
  void whatGoesWrongIsKeptWithTheRun() {
    keep(Corpora.separable(10, 1), false);
    assertThrows(InvalidValueException.class, () -> turn(1));
    assertEquals(Outcome.FAILED, lastRun().outcome());
    assertTrue(lastRun().detail().contains("different texts that no audit drew"));
    assertNull(lastRun().artifact());
    assertEquals(lastRun(), runs.lastTrouble(TASK).orElseThrow());
  }

  @Test
  void oneJobTrainsATaskAtATime() throws IOException {
    try (SoleUse lock = TaskLock.tryAcquire(data, TASK).orElseThrow()) {
      assertNotNull(lock);
      InvalidValueException refused = assertThrows(InvalidValueException.class, () -> turn(1));
      assertEquals(
          "task: another job trains 'desk'; wait until it has ended", refused.getMessage());
    }
    assertEquals(Optional.empty(), runs.last(TASK));
  }
}
