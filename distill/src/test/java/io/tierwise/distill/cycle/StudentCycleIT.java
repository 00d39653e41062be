package io.tierwise.distill.cycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole cycle through the real stores, registry and engines, on a small corpus. */
class StudentCycleIT {
  private static final Path CACHE = Path.of(System.getProperty("tierwise.home"), ".tierwise/cache");
  private static final List<Label> LABELS =
      List.of(new Label("invoice"), new Label("password"), new Label("refund"));
  private static final Task.Classification TASK = new Task.Classification("desk", LABELS);

  @TempDir private Path directory;
  private Database database;
  private StudentCycle.Stores stores;

  @BeforeEach
  void open() {
    database = Database.open(directory.resolve("data"));
    Clock clock = Clock.systemUTC();
    stores =
        new StudentCycle.Stores(
            CorpusStore.open(
                database,
                clock,
                CorpusStore.keyFile(directory.resolve("data")),
                new SecureRandom()),
            new GateStore(database, clock),
            new DirectoryRegistry(directory.resolve("registry"), clock));
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Texts that name their label; the large model follows it, or answers at random. */
  private void fill(boolean learnable) {
    Random random = new Random(5);
    List<String> about = List.of("the invoice for", "my password on", "a refund of");
    for (int i = 0; i < 400; i++) {
      int topic = random.nextInt(3);
      Label answer = LABELS.get(learnable ? topic : random.nextInt(3));
      String text = "please help with " + about.get(topic) + " order " + random.nextInt(100_000);
      stores
          .corpus()
          .add(
              new Tenant("acme"),
              "desk",
              new Input.Text(text),
              answer,
              Distribution.certain(answer),
              i % 3 == 0,
              Duration.ofDays(1));
    }
  }

  private StudentCycle.Result run(double epsilon, String work) throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      return StudentCycle.run(
          DistillSpec.of(TASK, 1),
          new Contract(epsilon, 0.05),
          stores,
          directory.resolve(work),
          new DistillJob.Workshop(encoder, CACHE, Clock.systemUTC(), Progress.SILENT));
    }
  }

  @Test
  void aStudentThatAgreesGoesLiveUnderItsCertificate() throws IOException {
    fill(true);
    StudentCycle.Result result = run(0.1, "work");
    Certification.Certified certified =
        assertInstanceOf(Certification.Certified.class, result.certification());
    assertEquals(134, result.audited());
    assertEquals(134, certified.certificate().samples());
    assertTrue(certified.certificate().coverage() > 0.9);

    Artifact live = stores.registry().resolve("desk", Registry.LIVE).orElseThrow();
    assertEquals(result.artifact(), live.manifest().version());
    Gate.Open open = assertInstanceOf(Gate.Open.class, stores.gates().state("desk").gate());
    assertEquals(certified.certificate().thresholds(), open.thresholds());
    assertEquals(live.manifest().version(), stores.gates().state("desk").artifact());
    assertEquals(1, stores.gates().testsSpent("desk"));

    assertEquals(
        result.artifact(), run(0.1, "again").artifact(), "the same seed gives the same artifact");
    assertEquals(2, stores.gates().testsSpent("desk"));
  }

  @Test
  void withoutACertificateNothingChangesButTheTestIsSpent() throws IOException {
    fill(false);
    StudentCycle.Result result = run(0.01, "work");
    Certification.Withheld withheld =
        assertInstanceOf(Certification.Withheld.class, result.certification());
    assertEquals(134, withheld.samples());
    assertEquals(368, withheld.needed(), "ln 0.025 / ln 0.99, rounded up");
    assertNull(result.artifact());
    assertFalse(stores.registry().resolve("desk", Registry.LIVE).isPresent());
    assertInstanceOf(Gate.Observe.class, stores.gates().state("desk").gate());
    assertEquals(1, stores.gates().testsSpent("desk"));
  }
}
