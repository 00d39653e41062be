package io.tierwise.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.request.InputForm;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.model.Student;
import io.tierwise.student.onnx.Graphs;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveTaskTest {
  private static final Thresholds THRESHOLDS = Thresholds.student(new Confidence(0.8));

  @TempDir private Path folder;
  private final MutableClock clock = new MutableClock(Requests.NOW);
  private Database database;
  private GateStore gates;
  private DirectoryRegistry registry;
  private LiveTask live;

  @BeforeEach
  void open() {
    database = Database.open(folder);
    gates = new GateStore(database, clock);
    registry = new DirectoryRegistry(folder.resolve("registry"), clock);
    live = live(new Contract(0.05, 0.05));
  }

  private LiveTask live(Contract contract) {
    FittingStudents students =
        new FittingStudents(Requests.TASK, new InputForm.Text(), Student::load);
    return new LiveTask(
        students,
        contract,
        registry,
        gates,
        new AuditStore(database, clock),
        new Trial(
            students,
            contract,
            new Trial.Evidence(registry, gates, new WatchStore(database, gates, clock)),
            0,
            new Random(1)),
        clock);
  }

  @AfterEach
  void close() {
    live.close();
    database.close();
  }

  private String publish(byte[] graph) throws IOException {
    Path directory = folder.resolve("artifact-" + graph.length);
    Artifact artifact =
        ArtifactWriter.write(
            directory,
            Artifacts.bag("support", List.of("refund", "delivery", "other")),
            Map.of("model.onnx", graph));
    String version = registry.publish(artifact.directory()).manifest().version();
    registry.point("support", Registry.LIVE, version, "test");
    return version;
  }

  private static byte[] graph() {
    return Graphs.bag(Map.of(), new float[] {1}, new float[][] {new float[3]}, new float[3]);
  }

  private String open(String version) {
    String certificate =
        gates.keep(
            "support",
            version,
            new Certificate(new Contract(0.05, 0.05), 1, 0.025, 200, 2, 0.01, 0.5, THRESHOLDS));
    gates.open("support", version, certificate, "test");
    return certificate;
  }

  @Test
  void isShutUntilItWasRead() {
    assertEquals(new Gate.Shut("its state was not read yet"), live.now().gate());
    live.refresh();
    assertEquals(new Gate.Observe(Thresholds.NONE), live.now().gate());
    assertEquals(AcceptanceRates.UNKNOWN, live.now().rates());
  }

  @Test
  void isShutUnderAContractThatIsStricterThanTheCertificates() throws IOException {
    String certificate = open(publish(graph()));
    try (LiveTask stricter = live(new Contract(0.04, 0.05));
        LiveTask laxer = live(new Contract(0.06, 0.05))) {
      stricter.refresh();
      laxer.refresh();
      assertEquals(
          new Gate.Shut("its certificate is of a laxer contract than the configured one"),
          stricter.now().gate());
      assertEquals(new Gate.Open(THRESHOLDS, certificate), laxer.now().gate());
    }
  }

  @Test
  void opensForTheArtifactThatTheCertificateIsOf() throws IOException {
    String version = publish(graph());
    String certificate = open(version);
    live.refresh();
    assertEquals(Optional.of(version), live.now().artifact());
    assertEquals(new Gate.Open(THRESHOLDS, certificate), live.now().gate());
  }

  @Test
  void shutsAGateThatCannotBeReadForMoreThanFiveSeconds() throws IOException {
    String version = publish(graph());
    String certificate = open(version);
    live.refresh();
    database.close();
    clock.advance(Duration.ofSeconds(5));
    live.refresh();
    assertEquals(new Gate.Open(THRESHOLDS, certificate), live.now().gate());
    clock.advance(Duration.ofMillis(1));
    live.refresh();
    assertEquals(new Gate.Shut("its state cannot be read"), live.now().gate());
    assertEquals(Optional.of(version), live.now().artifact());
  }

  @Test
  void followsTheGateAlsoWhereTheNewArtifactIsNoModel() throws IOException {
    String good = publish(graph());
    open(good);
    live.refresh();
    publish(new byte[] {1, 2, 3});
    gates.shut("support", "drift");
    live.refresh();
    assertEquals(Optional.of(good), live.now().artifact());
    assertEquals(new Gate.Shut("drift"), live.now().gate());
  }
}
