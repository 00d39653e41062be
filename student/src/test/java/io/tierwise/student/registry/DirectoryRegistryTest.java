package io.tierwise.student.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryRegistryTest extends RegistryContract {
  @Override
  protected Registry open(Clock clock) {
    return new DirectoryRegistry(root(), clock);
  }

  @Override
  protected RegistryHistory openHistory() {
    return new DirectoryRegistry(root(), CLOCK);
  }

  @Test
  void aPublishThatWasKilledHalfWayIsNeverSeenAndTheNextOneSweepsIt() throws IOException {
    Artifact whole = Artifacts.unloadable(work.resolve("whole"), "support", 1);
    Path versions = Files.createDirectories(root().resolve("support").resolve("versions"));
    Path torn = Files.createDirectory(DurableFiles.partial(versions.resolve(version(whole))));
    Files.write(torn.resolve("model.onnx"), new byte[] {1, 2});
    Path other = Files.createDirectory(DurableFiles.partial(versions.resolve("0123456789ab")));
    assertThrows(
        InvalidValueException.class,
        () -> registry.point("support", Registry.LIVE, version(whole), "too early"));

    registry.publish(whole.directory());

    registry.point("support", Registry.LIVE, version(whole), "now");
    assertEquals(version(whole), version(registry.resolve("support", Registry.LIVE).orElseThrow()));
    assertFalse(Files.exists(torn));
    assertFalse(Files.exists(other));
  }

  @Test
  void aMoveThatWasRecordedAndNotMadeIsMadeWithoutBeingRecordedTwice() throws IOException {
    Artifact first = publish("support", 1);
    Artifact second = publish("support", 2);
    registry.point("support", Registry.LIVE, version(first), "first");
    Path alias = root().resolve("support").resolve("aliases").resolve("live");
    byte[] before = Files.readAllBytes(alias);
    registry.point("support", Registry.LIVE, version(second), "second");
    Files.write(alias, before);

    registry.point("support", Registry.LIVE, version(second), "second");

    assertEquals(
        version(second), version(registry.resolve("support", Registry.LIVE).orElseThrow()));
    assertEquals(2, openHistory().history("support").size());
  }

  @Test
  void anAliasThatNamesAMissingVersionIsRefused() throws IOException {
    Artifact first = publish("support", 1);
    registry.point("support", Registry.LIVE, version(first), "first");
    DurableFiles.delete(first.directory());

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> registry.resolve("support", Registry.LIVE));
    assertEquals("version", refused.field());
    assertEquals(
        "'" + version(first) + "' of task 'support' is not in the registry " + root(),
        refused.trouble());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../etc", "", "\n", "a b"})
  void anAliasThatNamesNoVersionAtAllIsRefused(String content) throws IOException {
    publish("support", 1);
    Path alias = Files.createDirectories(root().resolve("support").resolve("aliases"));
    Files.writeString(alias.resolve("live"), content);

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> registry.resolve("support", Registry.LIVE));
    assertEquals(alias.resolve("live") + ".version", refused.field());
  }

  @Test
  void aVersionDamagedInTheRegistryIsRefusedByTheNextProcess() throws IOException {
    Artifact first = publish("support", 1);
    registry.point("support", Registry.LIVE, version(first), "first");
    Files.write(first.directory().resolve("model.onnx"), new byte[] {1, 2, 3, 0});

    assertThrows(InvalidValueException.class, () -> open(CLOCK).resolve("support", Registry.LIVE));
    assertThrows(
        InvalidValueException.class,
        () -> registry.resolve("support", Registry.LIVE).orElseThrow().read("model.onnx"));
  }

  @Test
  void aVersionUnderAnotherNameIsRefused() throws IOException {
    Artifact first = publish("support", 1);
    Files.move(first.directory(), first.directory().resolveSibling("0123456789ab"));

    assertThrows(
        InvalidValueException.class,
        () -> registry.point("support", Registry.LIVE, "0123456789ab", "renamed"));
  }

  @Test
  void aTornLineOfTheHistoryNeverHappenedAndTheNextMoveCutsIt() throws IOException {
    Artifact first = publish("support", 1);
    Artifact second = publish("support", 2);
    registry.point("support", Registry.LIVE, version(first), "first");
    Path history = root().resolve("support").resolve("history.jsonl");
    Files.writeString(history, "{\"at\":\"2026-03", StandardOpenOption.APPEND);
    Move move = new Move(NOW, "live", version(first), null, "first");
    assertEquals(List.of(move), openHistory().history("support"));

    registry.point("support", Registry.LIVE, version(second), "second");

    assertEquals(
        List.of(move, new Move(NOW, "live", version(second), version(first), "second")),
        openHistory().history("support"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "{\"at\":\"noon\"}", "{\"alias\":\"live\"}", "[]"})
  void aLineThatIsNoMoveIsRefusedWithItsPlace(String line) throws IOException {
    Path history = Files.createDirectories(root().resolve("support")).resolve("history.jsonl");
    Files.writeString(history, line + "\n");

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> openHistory().history("support"));
    assertEquals(history + ":1", refused.field());
  }

  @Test
  void aMoveThatWasCutOffBeforeItsAliasIsMadeByTheNextOne() throws IOException {
    Artifact first = publish("support", 1);
    Path live = root().resolve("support").resolve("aliases").resolve("live");
    Files.createDirectories(live.getParent());
    Files.writeString(DurableFiles.partial(live), "half");
    assertEquals(Optional.empty(), registry.resolve("support", Registry.LIVE));

    registry.point("support", Registry.LIVE, version(first), "again");

    assertTrue(registry.resolve("support", Registry.LIVE).isPresent());
  }

  private Path root() {
    return work.resolve("registry");
  }
}
