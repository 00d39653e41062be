package io.tierwise.gateway.flywheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.TierwiseConfig.AuditConfig;
import io.tierwise.gateway.config.TierwiseConfig.CacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.CorpusConfig;
import io.tierwise.gateway.config.TierwiseConfig.FlywheelConfig;
import io.tierwise.gateway.config.TierwiseConfig.LargeConfig;
import io.tierwise.gateway.config.TierwiseConfig.SemanticCacheConfig;
import io.tierwise.gateway.config.TierwiseConfig.StudentConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.onnx.Graphs;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Move;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromotionTest {
  private static final Contract CONTRACT = new Contract(0.05, 0.05);
  private static final Thresholds SURE = Thresholds.student(new Confidence(0.8));

  @TempDir private Path folder;
  private final MutableClock clock = new MutableClock(Requests.NOW);
  private Database database;
  private GateStore gates;
  private WatchStore watches;
  private DirectoryRegistry registry;
  private int requests;

  @BeforeEach
  void open() {
    database = Database.open(folder);
    gates = new GateStore(database, clock);
    watches = new WatchStore(database, gates, clock);
    registry = new DirectoryRegistry(folder.resolve("registry"), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static TaskConfig config() {
    return new TaskConfig(
        "support",
        List.of("refund", "delivery", "other"),
        new InputForm.Text(),
        CONTRACT,
        new LargeConfig("gpu", "big", Prompt.standard(Requests.TASK)),
        new StudentConfig("small"),
        new CacheConfig("lookup", Duration.ofHours(24), 1000),
        SemanticCacheConfig.OFF,
        new AuditConfig(0.3, 0.05),
        Fallback.REJECT,
        Fallback.REJECT,
        new CorpusConfig(true, Duration.ofDays(90)),
        new FlywheelConfig(true, 40, 40, 0.1, 3, FlywheelConfig.QUICK, false));
  }

  private Promotion.Turn turn(Registry through) throws IOException {
    return new Promotion(config(), through, gates, watches).turn();
  }

  /** Publishes a student that is told apart by its bias; its version. */
  private String publish(float bias) throws IOException {
    byte[] graph =
        Graphs.bag(
            Map.of(), new float[] {1}, new float[][] {new float[3]}, new float[] {bias, 0, 0});
    Artifact artifact =
        ArtifactWriter.write(
            folder.resolve("artifact-" + bias),
            Artifacts.bag("support", List.of("refund", "delivery", "other")),
            Map.of("model.onnx", graph));
    return registry.publish(artifact.directory()).manifest().version();
  }

  private String certify(String version, int test) {
    return gates.keep(
        "support",
        version,
        new Certificate(CONTRACT, test, CONTRACT.spend(test), 200, 2, 0.01, 0.5, SURE));
  }

  /** What a turn of the job leaves behind. */
  private String onTrial(float bias, int test) throws IOException {
    String version = publish(bias);
    certify(version, test);
    registry.point("support", Registry.CANARY, version, "on trial: certified in test " + test);
    return version;
  }

  private void audits(String version, int count, boolean agrees) {
    String certificate = gates.latestFor("support", version).orElseThrow().id();
    AuditStore audits = new AuditStore(database, clock);
    for (int i = 0; i < count; i++) {
      audits.keep(
          "support",
          new AuditRow(
              "r" + requests++,
              version,
              certificate,
              Map.of(TierName.STUDENT, new AuditSample.Scored(new Confidence(0.9), agrees)),
              Map.of(TierName.STUDENT, Verdict.ACCEPTED),
              false),
          Money.ZERO);
    }
  }

  private Optional<String> live() throws IOException {
    return registry.resolve("support", Registry.LIVE).map(it -> it.manifest().version());
  }

  private List<String> liveMoves() throws IOException {
    return registry.history("support").stream()
        .filter(move -> move.alias().equals(Registry.LIVE))
        .map(Move::version)
        .toList();
  }

  private void assertOpenFor(String version) {
    assertInstanceOf(Gate.Open.class, gates.state("support").gate());
    assertEquals(version, gates.state("support").artifact());
  }

  @Test
  void aStudentGoesLiveWhenItHasStoodItsTrialAndNotBefore() throws IOException {
    String version = onTrial(1, 1);
    audits(version, 2, true);
    assertEquals(new Promotion.Turn(true, Optional.empty()), turn(registry));
    assertEquals(Optional.empty(), live());

    audits(version, 1, true);
    turn(registry);
    assertEquals(Optional.of(version), live());
    assertOpenFor(version);
    String certificate = gates.latestFor("support", version).orElseThrow().id();
    assertEquals(
        "stood its trial: 0 of 3 audits lost under " + certificate,
        registry.history("support").getLast().reason());
    assertEquals(Promotion.Turn.NOTHING, turn(registry));
  }

  /** The process ends before or after the registry's move, or between its record and its alias. */
  @ParameterizedTest
  @ValueSource(strings = {"before", "within", "after"})
  void aPromotionCutShortAnywhereIsFinishedByTheNextTurn(String where) throws IOException {
    String incumbent = onTrial(1, 1);
    audits(incumbent, 3, true);
    turn(registry);
    clock.advance(Duration.ofMinutes(1));
    String version = onTrial(2, 2);
    audits(version, 3, true);
    Path alias = folder.resolve("registry/support/aliases/live");
    byte[] before = Files.readAllBytes(alias);

    assertThrows(IOException.class, () -> turn(new Ending(registry, where)));
    if (where.equals("within")) {
      Files.write(alias, before);
    }
    boolean moved = where.equals("after");
    assertEquals(Optional.of(moved ? version : incumbent), live());

    turn(new DirectoryRegistry(folder.resolve("registry"), clock));
    assertEquals(Optional.of(version), live());
    assertOpenFor(version);
    assertEquals(List.of(incumbent, version), liveMoves());
    assertEquals(Promotion.Turn.NOTHING, turn(registry));
  }

  /** A registry whose process ends at its first move. */
  private record Ending(Registry registry, String where) implements Registry {
    @Override
    public Optional<Artifact> resolve(String task, String alias) throws IOException {
      return registry.resolve(task, alias);
    }

    @Override
    public Artifact publish(Path artifactDirectory) throws IOException {
      return registry.publish(artifactDirectory);
    }

    @Override
    public void point(String task, String alias, String version, String reason) throws IOException {
      if (!where.equals("before")) {
        registry.point(task, alias, version, reason);
      }
      throw new IOException("the process ends here");
    }
  }

  @Test
  void aStudentThatItsAuditsSpeakAgainstIsWithdrawn() throws IOException {
    String incumbent = onTrial(1, 1);
    audits(incumbent, 3, true);
    turn(registry);
    String version = onTrial(2, 2);
    audits(version, 30, false);

    turn(registry);
    assertEquals(Optional.of(incumbent), live());
    assertOpenFor(incumbent);
    Move last = registry.history("support").getLast();
    assertEquals(Registry.CANARY, last.alias());
    assertEquals(incumbent, last.version());
    assertTrue(last.reason().startsWith("withdrawn: " + version + " failed its trial: 30 of 30"));
  }

  @Test
  void aGateThatSomebodyHasShutStaysShut() throws IOException {
    String version = onTrial(1, 1);
    audits(version, 3, true);
    gates.shut("support", "incident 7");
    assertEquals(Promotion.Turn.NOTHING, turn(registry));
    assertEquals(Optional.empty(), live());
  }

  @Test
  void aStudentThatWasLiveOnceIsNotTriedAgainWhenAnotherIsPutInItsPlace() throws IOException {
    String first = onTrial(1, 1);
    audits(first, 3, true);
    turn(registry);
    String byHand = publish(2);
    registry.point("support", Registry.LIVE, byHand, "by hand");

    Promotion.Turn turn = turn(registry);
    assertEquals(false, turn.running());
    assertEquals(Optional.of(byHand), live());
  }
}
