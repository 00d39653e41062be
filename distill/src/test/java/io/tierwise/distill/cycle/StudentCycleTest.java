package io.tierwise.distill.cycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Corpora;
import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.data.Answered;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Move;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
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

/** The whole cycle through the real stores, registry and engines, on a small corpus. */
class StudentCycleTest {
  private static final String TASK = Corpora.DESK.name();

  @TempDir private static Path cache;
  private static SentenceEncoder encoder;

  @TempDir private Path directory;
  private Database database;
  private StudentCycle.Stores stores;
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
    Path data = directory.resolve("data");
    database = Database.open(data);
    registry = new DirectoryRegistry(directory.resolve("registry"), Corpora.CLOCK);
    stores =
        new StudentCycle.Stores(
            CorpusStore.open(
                database, Corpora.CLOCK, CorpusStore.keyFile(data), new SecureRandom()),
            new AuditStore(database, Corpora.CLOCK),
            new GateStore(database, Corpora.CLOCK),
            new SliceStore(database, new GateStore(database, Corpora.CLOCK), Corpora.CLOCK),
            registry);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aStudentThatAgreesGoesLiveUnderItsCertificate() throws IOException {
    keep(Corpora.separable(200, 1), false);
    keep(Corpora.separable(100, 2), true);

    StudentCycle.Result result = run(0.05, "work");

    Certification.Certified certified =
        assertInstanceOf(Certification.Certified.class, result.certification());
    assertEquals(200, result.trained());
    assertEquals(100, result.audited());
    assertEquals(1, certified.certificate().testIndex());
    assertEquals(100, certified.certificate().samples());
    assertEquals(0, certified.certificate().losses());
    assertTrue(certified.certificate().coverage() > 0.9);

    Artifact live = registry.resolve(TASK, Registry.LIVE).orElseThrow();
    assertEquals(result.artifact(), live.manifest().version());
    assertEquals("calibrate", live.manifest().lineage().job());
    Gate.Open open = assertInstanceOf(Gate.Open.class, stores.gates().state(TASK).gate());
    assertEquals(certified.certificate().thresholds(), open.thresholds());
    assertEquals(live.manifest().version(), stores.gates().state(TASK).artifact());
    assertEquals("certified in test 1", stores.gates().state(TASK).reason());
    assertEquals(
        certified.certificate(),
        stores.gates().certificate(TASK, open.certificate()).orElseThrow().certificate());
    assertEquals(1, stores.gates().testsSpent(TASK));
    assertEquals(1, registry.history(TASK).size());
  }

  @Test
  void theSameSeedGivesTheSameArtifactAtTheStricterLevelOfASecondTest() throws IOException {
    keep(Corpora.separable(60, 1), false);
    keep(Corpora.separable(100, 2), true);

    StudentCycle.Result first = run(0.1, "first");
    StudentCycle.Result second = run(0.1, "second");

    assertEquals(first.artifact(), second.artifact());
    assertEquals(2, stores.gates().testsSpent(TASK));
    Certification.Certified certified =
        assertInstanceOf(Certification.Certified.class, second.certification());
    assertEquals(0.05 / 6, certified.certificate().deltaSpent(), 1e-12);
  }

  @Test
  void withoutACertificateNothingChangesButTheTestIsSpent() throws IOException {
    keep(Corpora.hopeless(60, 1), false);
    keep(Corpora.hopeless(100, 2), true);

    StudentCycle.Result result = run(0.05, "work");

    Certification.Withheld withheld =
        assertInstanceOf(Certification.Withheld.class, result.certification());
    assertEquals(100, withheld.samples());
    assertEquals(72, withheld.needed(), "ln 0.025 / ln 0.95, rounded up");
    assertNull(result.artifact());
    assertEquals(Optional.empty(), registry.resolve(TASK, Registry.LIVE));
    assertEquals(List.<Move>of(), registry.history(TASK));
    assertInstanceOf(Gate.Observe.class, stores.gates().state(TASK).gate());
    assertEquals(1, stores.gates().testsSpent(TASK));
  }

  @Test
  void anIncumbentStaysLiveWhereItsSuccessorIsNotCertified() throws IOException {
    keep(Corpora.separable(60, 1), false);
    keep(Corpora.separable(100, 2), true);
    StudentCycle.Result incumbent = run(0.1, "first");

    StudentCycle.Result result = run(0.001, "second");

    assertInstanceOf(Certification.Withheld.class, result.certification());
    assertEquals(
        incumbent.artifact(),
        registry.resolve(TASK, Registry.LIVE).orElseThrow().manifest().version());
    assertInstanceOf(Gate.Open.class, stores.gates().state(TASK).gate());
    assertEquals(2, stores.gates().testsSpent(TASK));
  }

  @Test
  void tooFewTextsAreSaidBeforeATestIsSpent() {
    List<Answered> texts = Corpora.separable(39, 1);
    keep(texts, false);
    keep(texts, false);
    keep(Corpora.separable(100, 2), true);

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> run(0.05, "work"));

    assertEquals(
        "corpus: task 'desk' has 39 different texts that no audit drew; let the large model answer"
            + " until there are at least 40",
        refused.getMessage());
    assertEquals(0, stores.gates().testsSpent(TASK));
  }

  @Test
  void aWorkDirectoryThatIsThereIsLeftAlone() throws IOException {
    Files.createDirectory(directory.resolve("work"));

    assertThrows(FileAlreadyExistsException.class, () -> run(0.05, "work"));
    assertEquals(0, stores.gates().testsSpent(TASK));
  }

  private void keep(List<Answered> texts, boolean audited) {
    for (Answered text : texts) {
      stores
          .corpus()
          .add(
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

  /**
   * The winner of a contest takes one test, and a successor that covers no more changes nothing.
   */
  @Test
  void ofSeveralStudentsOneIsPutToTheTest() throws IOException {
    keep(Corpora.separable(200, 1), false);
    keep(Corpora.separable(100, 2), true);

    StudentCycle.Result first = compete("first");
    StudentCycle.Result second = compete("second");

    Artifact live = registry.resolve(TASK, Registry.LIVE).orElseThrow();
    assertEquals(first.artifact(), live.manifest().version());
    assertTrue(List.of(Shape.BAG, Shape.ENCODER_HEAD).contains(live.manifest().shape()));
    assertTrue(Files.isDirectory(directory.resolve("first/bag/calibrated")));
    assertTrue(Files.isDirectory(directory.resolve("first/encoder-head/calibrated")));
    assertFalse(Files.exists(directory.resolve("first/line")), "one alone answers as much");
    assertNull(second.artifact());
    assertEquals(2, stores.gates().testsSpent(TASK));
  }

  private StudentCycle.Result compete(String work) throws IOException {
    return StudentCycle.run(
        DistillSpec.of(Corpora.DESK, 1),
        new Contract(0.1, 0.05),
        stores,
        directory.resolve(work),
        new DistillJob.Workshop(encoder, Corpora.VOCABULARY, cache, Corpora.CLOCK, Progress.SILENT),
        StudentCycle.Destination.LIVE_IF_BETTER,
        new Contestants(List.of(Shape.BAG, Shape.ENCODER_HEAD), true));
  }

  private StudentCycle.Result run(double epsilon, String work) throws IOException {
    return StudentCycle.run(
        DistillSpec.of(Corpora.DESK, 1),
        new Contract(epsilon, 0.05),
        stores,
        directory.resolve(work),
        new DistillJob.Workshop(
            encoder, Corpora.VOCABULARY, cache, Corpora.CLOCK, Progress.SILENT));
  }
}
