package io.tierwise.student.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Artifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every registry must do, whatever it keeps its artifacts in. */
public abstract class RegistryContract {
  protected static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  protected static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  /** When nothing that was just published is on its way any more. */
  protected static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));

  @TempDir protected Path work;
  protected CuratedRegistry registry;
  private int sources;

  /** A new handle on the test's one store, as another process would have. */
  protected abstract CuratedRegistry open(Clock clock);

  /** A process of its own that does {@link RegistryMover#run} on the test's one store. */
  protected abstract ProcessBuilder mover(List<String> arguments);

  /** Spoils a file of a published version where it is kept. */
  protected abstract void damage(String version, String file) throws IOException;

  RegistryHistory openHistory() {
    return open(CLOCK);
  }

  @BeforeEach
  void open() {
    registry = open(CLOCK);
  }

  @Test
  void anAliasThatWasNeverPointedNamesNothing() throws IOException {
    assertEquals(Optional.empty(), registry.resolve("support", Registry.LIVE));
    assertEquals(List.of(), openHistory().history("support"));
  }

  @Test
  void publishingAloneMovesNoAlias() throws IOException {
    publish("support", 1);

    assertEquals(Optional.empty(), registry.resolve("support", Registry.LIVE));
  }

  @Test
  void resolvesToTheVersionThatTheAliasNames() throws IOException {
    Artifact first = publish("support", 1);
    Artifact second = publish("support", 2);
    registry.point("support", Registry.LIVE, version(first), "first");
    registry.point("support", Registry.CANARY, version(second), "on trial");

    assertEquals(first, registry.resolve("support", Registry.LIVE).orElseThrow());
    assertEquals(second, registry.resolve("support", Registry.CANARY).orElseThrow());
    assertArrayEquals(
        new byte[] {1, 2, 3, 2},
        registry.resolve("support", Registry.CANARY).orElseThrow().read("model.onnx"));
  }

  @Test
  void anotherHandleSeesAMoveAtOnce() throws IOException {
    Registry other = open(CLOCK);
    Artifact first = publish("support", 1);
    registry.point("support", Registry.LIVE, version(first), "first");

    assertEquals(
        first.manifest(), other.resolve("support", Registry.LIVE).orElseThrow().manifest());
  }

  @Test
  void publishingTheSameContentTwiceChangesNothing() throws IOException {
    assertEquals(publish("support", 1), publish("support", 1));
  }

  @Test
  void thePublishedCopyOutlivesItsSource() throws IOException {
    Path source = work.resolve("source");
    Artifact published = registry.publish(Artifacts.unloadable(source, "support", 1).directory());
    Files.delete(source.resolve("model.onnx"));

    assertArrayEquals(new byte[] {1, 2, 3, 1}, published.read("model.onnx"));
  }

  @Test
  void refusesToPublishWhatIsDamaged() throws IOException {
    Path source = Artifacts.unloadable(work.resolve("source"), "support", 1).directory();
    Files.write(source.resolve("model.onnx"), new byte[] {1, 2, 3, 0});

    assertThrows(InvalidValueException.class, () -> registry.publish(source));
  }

  @Test
  void movingLiveKeepsWhereItPointedBefore() throws IOException {
    Artifact first = publish("support", 1);
    Artifact second = publish("support", 2);
    registry.point("support", Registry.LIVE, version(first), "first");
    assertEquals(Optional.empty(), registry.resolve("support", Registry.PREVIOUS));

    registry.point("support", Registry.LIVE, version(second), "better");

    assertEquals(first, registry.resolve("support", Registry.PREVIOUS).orElseThrow());
    assertEquals(second, registry.resolve("support", Registry.LIVE).orElseThrow());
  }

  @Test
  void rollsBackByPointingLiveToPrevious() throws IOException {
    Artifact first = publish("support", 1);
    Artifact second = publish("support", 2);
    registry.point("support", Registry.LIVE, version(first), "first");
    registry.point("support", Registry.LIVE, version(second), "better");

    registry.point("support", Registry.LIVE, version(first), "worse after all");

    assertEquals(first, registry.resolve("support", Registry.LIVE).orElseThrow());
    assertEquals(second, registry.resolve("support", Registry.PREVIOUS).orElseThrow());
  }

  @Test
  void recordsEveryMoveInItsOrder() throws IOException {
    String first = version(publish("support", 1));
    String second = version(publish("support", 2));
    registry.point("support", Registry.LIVE, first, "first \"light\"\nof day");
    registry.point("support", Registry.CANARY, second, "on trial");
    registry.point("support", Registry.LIVE, second, "certified");

    assertEquals(
        List.of(
            new Move(NOW, "live", first, null, "first \"light\"\nof day"),
            new Move(NOW, "canary", second, null, "on trial"),
            new Move(NOW, "live", second, first, "certified")),
        openHistory().history("support"));
  }

  @Test
  void aMoveToWhereTheAliasPointsAlreadyIsNone() throws IOException {
    String first = version(publish("support", 1));
    String second = version(publish("support", 2));
    registry.point("support", Registry.LIVE, first, "first");
    registry.point("support", Registry.LIVE, second, "better");
    registry.point("support", Registry.LIVE, second, "again");

    assertEquals(first, version(registry.resolve("support", Registry.PREVIOUS).orElseThrow()));
    assertEquals(2, openHistory().history("support").size());
  }

  @Test
  void tasksDoNotShareVersionsOrAliases() throws IOException {
    Artifact support = publish("support", 1);
    Artifact sales = publish("sales", 1);
    registry.point("support", Registry.LIVE, version(support), "first");

    assertEquals(Optional.empty(), registry.resolve("sales", Registry.LIVE));
    assertThrows(
        InvalidValueException.class,
        () -> registry.point("support", Registry.LIVE, version(sales), "wrong task"));
  }

  @Test
  void refusesToPointToAVersionThatWasNeverPublished() throws IOException {
    publish("support", 1);

    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> registry.point("support", Registry.LIVE, "0123456789ab", "mistake"));
    assertEquals("version", refused.field());
    assertEquals(List.of(), openHistory().history("support"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../other", "a/b", "/etc", ".hidden", "", "a\\b", "a\u0000b"})
  void refusesNamesThatWouldEscape(String name) {
    assertThrows(InvalidValueException.class, () -> registry.resolve(name, Registry.LIVE));
    assertThrows(InvalidValueException.class, () -> registry.resolve("support", name));
    assertThrows(
        InvalidValueException.class, () -> registry.point(name, Registry.LIVE, "v", "escape"));
    assertThrows(InvalidValueException.class, () -> registry.point("support", name, "v", "escape"));
    assertThrows(
        InvalidValueException.class,
        () -> registry.point("support", Registry.LIVE, name, "escape"));
    assertThrows(InvalidValueException.class, () -> openHistory().history(name));
  }

  @Test
  void refusesAMoveWithoutAReason() throws IOException {
    String first = version(publish("support", 1));

    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> registry.point("support", Registry.LIVE, first, " "));
    assertEquals("reason", refused.field());
  }

  @Test
  void concurrentMovesOfOneAliasHappenOneAfterTheOther() throws Exception {
    List<String> versions = new ArrayList<>();
    for (int content = 0; content < 4; content++) {
      versions.add(version(publish("support", content)));
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> movers = new ArrayList<>();
      for (int mover = 0; mover < 4; mover++) {
        Registry own = open(CLOCK);
        int first = mover;
        movers.add(
            executor.submit(() -> {
              for (int i = 0; i < 8; i++) {
                String version = versions.get((first + i) % versions.size());
                own.point("support", Registry.LIVE, version, "mover " + first);
              }
              return null;
            }));
      }
      for (Future<?> mover : movers) {
        mover.get();
      }
    }

    List<Move> moves = openHistory().history("support");
    for (int i = 1; i < moves.size(); i++) {
      assertEquals(moves.get(i - 1).version(), moves.get(i).previous());
    }
    Move last = moves.getLast();
    assertEquals(last.version(), version(registry.resolve("support", Registry.LIVE).orElseThrow()));
    assertEquals(
        last.previous(), version(registry.resolve("support", Registry.PREVIOUS).orElseThrow()));
  }

  /** Publishes so many versions and makes each live in turn. */
  protected List<String> promoteInTurn(int count) throws IOException {
    List<String> versions = new ArrayList<>();
    for (int content = 0; content < count; content++) {
      versions.add(version(publish("support", content)));
      registry.point("support", Registry.LIVE, versions.getLast(), "content " + content);
    }
    return versions;
  }

  protected static Set<String> names(RegistryListing registry, String task) throws IOException {
    return registry.versions(task).stream().map(Published::version).collect(Collectors.toSet());
  }

  /** Publishes an artifact with one byte of content. */
  protected Artifact publish(String task, int content) throws IOException {
    return registry.publish(written(task, content));
  }

  synchronized Path written(String task, int content) throws IOException {
    Path source = work.resolve("written-" + sources++);
    return Artifacts.unloadable(source, task, content).directory();
  }

  /** A process that runs a main class on this test's class path. */
  protected static ProcessBuilder java(Class<?> main, List<String> arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  protected static String version(Artifact artifact) {
    return artifact.manifest().version();
  }
}
