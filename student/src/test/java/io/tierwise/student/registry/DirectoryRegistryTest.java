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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryRegistryTest extends RegistryUpkeepContract {
  @Override
  protected CuratedRegistry open(Clock clock) {
    return new DirectoryRegistry(root(), clock);
  }

  @Override
  protected ProcessBuilder mover(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(root().toString()));
    all.addAll(arguments);
    return java(DirectoryMover.class, all);
  }

  @Override
  protected void damage(String version, String file) throws IOException {
    Files.write(versions().resolve(version).resolve(file), new byte[] {9, 9, 9, 9});
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
    assertEquals(2, registry.history("support").size());
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
    assertEquals(List.of(move), open(CLOCK).history("support"));

    registry.point("support", Registry.LIVE, version(second), "second");

    assertEquals(
        List.of(move, new Move(NOW, "live", version(second), version(first), "second")),
        open(CLOCK).history("support"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "{\"at\":\"noon\"}", "{\"alias\":\"live\"}", "[]"})
  void aLineThatIsNoMoveIsRefusedWithItsPlace(String line) throws IOException {
    Path history = Files.createDirectories(root().resolve("support")).resolve("history.jsonl");
    Files.writeString(history, line + "\n");

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> open(CLOCK).history("support"));
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

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aMoveThatWasRecordedAndNotMadeIsMadeByWhoeverWritesNext(int previous) throws IOException {
    List<String> versions = promoteInTurn(3);
    Path aliases = root().resolve("support").resolve("aliases");
    // As a kill left it between the record and the aliases, or between the two of them.
    Files.writeString(aliases.resolve("live"), versions.get(1));
    Files.writeString(aliases.resolve("previous"), versions.get(previous));

    registry.point("support", Registry.CANARY, versions.get(0), "on trial");

    assertEquals(
        Map.of("live", versions.get(2), "previous", versions.get(1), "canary", versions.get(0)),
        registry.aliases("support"));
    assertEquals(4, registry.history("support").size());
  }

  @Test
  void clearingUpMakesTheMoveToo() throws IOException {
    List<String> versions = promoteInTurn(3);
    Files.writeString(root().resolve("support").resolve("aliases/live"), versions.get(1));

    Cleared cleared = open(LATER).clear("support", 0, false);

    assertEquals(Set.of(versions.get(0)), cleared.removed().keySet());
    assertEquals(
        Map.of("live", versions.get(2), "previous", versions.get(1)), registry.aliases("support"));
  }

  @Test
  void aMoveThatAKillCutOffCountsForARollback() throws IOException {
    List<String> versions = promoteInTurn(2);
    Path live = root().resolve("support").resolve("aliases").resolve("live");
    Files.writeString(live, versions.get(0));

    Move back = registry.rollBack("support", "incident");

    assertEquals(
        new Move(NOW, "live", versions.get(0), versions.get(1), "rollback: incident"), back);
  }

  @Test
  void aRemovalThatWasKilledHalfWayIsNeverSeenAndTheNextOneFinishesIt() throws IOException {
    List<String> versions = promoteInTurn(4);
    Path half = DurableFiles.hide(versions().resolve(versions.get(0)));
    Files.delete(half.resolve("manifest.json"));
    assertFalse(names(registry, "support").contains(versions.get(0)));
    assertThrows(
        InvalidValueException.class,
        () -> registry.point("support", Registry.LIVE, versions.get(0), "half there"));

    Cleared dry = open(LATER).clear("support", 3, true);
    assertEquals(List.of(half.getFileName().toString()), dry.leftovers());
    assertTrue(Files.exists(half));

    assertEquals(dry, open(LATER).clear("support", 3, false));
    assertFalse(Files.exists(half));
    assertEquals(List.of(), open(LATER).clear("support", 3, true).leftovers());
  }

  @Test
  void aRegistryFromBeforeTheFormatsNumberOpensAndIsMarkedByTheNextWrite() throws IOException {
    List<String> versions = promoteInTurn(2);
    Files.delete(root().resolve(".format"));

    assertEquals(versions.get(1), version(open(CLOCK).resolve("support", "live").orElseThrow()));
    assertEquals(2, open(CLOCK).history("support").size());
    open(CLOCK).clear("support", 0, true);
    assertFalse(Files.exists(root().resolve(".format")), "reading marks nothing");

    open(CLOCK).rollBack("support", "any write");
    assertEquals("2\n", Files.readString(root().resolve(".format")));
  }

  @Test
  void aRegistryOfANewerFormatIsRefusedByEveryCall() throws IOException {
    List<String> versions = promoteInTurn(2);
    Path format = root().resolve(".format");
    Files.writeString(format, "3\n");
    CuratedRegistry other = open(CLOCK);

    for (Executable call :
        List.<Executable>of(
            () -> other.resolve("support", "live"),
            () -> publish("support", 3),
            () -> other.point("support", "live", versions.getFirst(), "why not"),
            () -> other.history("support"),
            other::tasks,
            () -> other.versions("support"),
            () -> other.aliases("support"),
            () -> other.rollBack("support", "why not"),
            () -> other.clear("support", 0, false))) {
      InvalidValueException refused = assertThrows(InvalidValueException.class, call);
      assertEquals(format.toString(), refused.field());
      assertEquals(
          "the registry's format 3 is newer than 2, the newest that this build reads",
          refused.trouble());
      assertEquals("update Tierwise on this machine to the version that wrote it", refused.fix());
    }
    assertEquals("3\n", Files.readString(format));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two", "-1", "0"})
  void aFormatThatIsNoNumberIsRefused(String content) throws IOException {
    promoteInTurn(1);
    Files.writeString(root().resolve(".format"), content);

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> registry.resolve("support", "live"));
    assertEquals(root().resolve(".format").toString(), refused.field());
  }

  private Path versions() {
    return root().resolve("support").resolve("versions");
  }

  private Path root() {
    return work.resolve("registry");
  }
}
