package io.tierwise.student.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every registry must do for who looks after it: list, roll back, clear up, mend. */
public abstract class RegistryUpkeepContract extends RegistryContract {
  @Test
  void listsTasksVersionsAndAliases() throws IOException {
    assertEquals(List.of(), registry.tasks());
    Artifact first = publish("support", 1);
    Artifact second = publish("support", 2);
    publish("sales", 1);
    registry.point("support", Registry.LIVE, version(first), "first");
    registry.point("support", Registry.LIVE, version(second), "second");

    assertEquals(List.of("sales", "support"), registry.tasks());
    assertEquals(
        Stream.of(first, second)
            .<Published>map(each -> new Published.Described(version(each), each.manifest()))
            .sorted(Published.BY_AGE)
            .toList(),
        registry.versions("support"));
    assertEquals(
        Map.of("live", version(second), "previous", version(first)), registry.aliases("support"));
    assertEquals(List.of(), registry.versions("nothing"));
    assertEquals(Map.of(), registry.aliases("nothing"));
  }

  @Test
  void rollingBackSwapsLiveAndPreviousAndSaysSo() throws IOException {
    String first = version(publish("support", 1));
    String second = version(publish("support", 2));
    registry.point("support", Registry.LIVE, first, "first");
    registry.point("support", Registry.LIVE, second, "better");

    Move back = registry.rollBack("support", "incident 7");

    assertEquals(new Move(NOW, "live", first, second, "rollback: incident 7"), back);
    assertEquals(Map.of("live", first, "previous", second), registry.aliases("support"));
    assertEquals(back, openHistory().history("support").getLast());
    registry.rollBack("support", "it was not that");
    assertEquals(Map.of("live", second, "previous", first), registry.aliases("support"));
    assertEquals(4, openHistory().history("support").size());
  }

  @Test
  void refusesToRollBackToNowhere() throws IOException {
    InvalidValueException unknown =
        assertThrows(InvalidValueException.class, () -> registry.rollBack("support", "why not"));
    assertEquals("task", unknown.field());
    String only = version(publish("support", 1));
    registry.point("support", Registry.LIVE, only, "first");

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> registry.rollBack("support", "why not"));

    assertEquals("previous", refused.field());
    assertEquals("live of task 'support' never pointed elsewhere", refused.trouble());
    assertThrows(InvalidValueException.class, () -> registry.rollBack("support", " "));
    assertEquals(Map.of("live", only), registry.aliases("support"));
  }

  @Test
  void refusesToRollBackToWhatIsDamaged() throws IOException {
    String first = version(publish("support", 1));
    String second = version(publish("support", 2));
    registry.point("support", Registry.LIVE, first, "first");
    registry.point("support", Registry.LIVE, second, "better");
    damage(first, "model.onnx");

    assertThrows(InvalidValueException.class, () -> open(CLOCK).rollBack("support", "incident"));
    assertEquals(second, registry.aliases("support").get("live"));
  }

  @Test
  void clearingUpKeepsWhatAnAliasNamesAndWhatTheHistoryNamedLast() throws IOException {
    List<String> versions = promoteInTurn(6);
    registry.point("support", Registry.CANARY, versions.get(0), "an old friend");
    List<Move> before = openHistory().history("support");

    // Live is 5, previous 4, canary 0; the history named 0, 5 and 4 last.
    Cleared cleared = open(LATER).clear("support", 3, false);

    assertEquals(
        Set.of(versions.get(1), versions.get(2), versions.get(3)), cleared.removed().keySet());
    assertEquals(
        Map.of(versions.get(0), "canary", versions.get(4), "previous", versions.get(5), "live"),
        cleared.kept());
    assertEquals(
        Set.of(versions.get(0), versions.get(4), versions.get(5)), names(registry, "support"));
    assertEquals(before, openHistory().history("support"));
    for (String alias : Aliases.ALL) {
      assertTrue(open(CLOCK).resolve("support", alias).isPresent(), alias);
    }
  }

  @Test
  void clearingUpKeepsAsManyOfTheHistoryAsItIsTold() throws IOException {
    List<String> versions = promoteInTurn(5);

    Cleared cleared = open(LATER).clear("support", 4, false);

    assertEquals(Set.of(versions.get(0)), cleared.removed().keySet());
    assertEquals("among the last 4 of the history", cleared.kept().get(versions.get(1)));
    assertTrue(cleared.bytes() > 4, "it counts the bytes of the files: " + cleared.bytes());
    assertThrows(InvalidValueException.class, () -> registry.clear("support", -1, false));
    assertThrows(InvalidValueException.class, () -> registry.clear("nothing", 1, false));
  }

  @Test
  void aDryRunChangesNothingAndSaysTheSame() throws IOException {
    promoteInTurn(5);
    Set<String> before = names(registry, "support");

    Cleared dry = open(LATER).clear("support", 1, true);

    assertEquals(3, dry.removed().size());
    assertEquals(before, names(registry, "support"));
    assertEquals(dry, open(LATER).clear("support", 1, false));
    assertEquals(2, names(registry, "support").size());
  }

  @Test
  void whatWasPublishedAMomentAgoMayBeOnItsWayAndIsKeptForADay() throws IOException {
    promoteInTurn(2);
    String fresh = version(publish("support", 9));

    Cleared now = open(Clock.systemUTC()).clear("support", 0, false);
    assertEquals("published less than a day ago and not yet pointed to", now.kept().get(fresh));
    Cleared later = open(LATER).clear("support", 0, false);
    assertEquals(Set.of(fresh), later.removed().keySet());
  }

  @Test
  void whatWasRemovedIsRefusedAndCanBePublishedAgain() throws IOException {
    List<String> versions = promoteInTurn(4);
    open(LATER).clear("support", 1, false);

    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> registry.point("support", Registry.LIVE, versions.get(0), "back"));
    assertEquals("version", refused.field());
    assertTrue(refused.trouble().contains("is not in the registry"), refused.trouble());

    assertEquals(versions.get(0), version(publish("support", 0)));
    registry.point("support", Registry.LIVE, versions.get(0), "back");
    assertEquals(
        versions.get(0), version(open(CLOCK).resolve("support", Registry.LIVE).orElseThrow()));
  }

  @Test
  void publishingAgainMendsAVersionThatWasDamaged() throws IOException {
    String first = version(publish("support", 1));
    registry.point("support", Registry.LIVE, first, "first");
    damage(first, "model.onnx");
    assertThrows(InvalidValueException.class, () -> open(CLOCK).resolve("support", Registry.LIVE));

    publish("support", 1);

    assertArrayEquals(
        new byte[] {1, 2, 3, 1},
        open(CLOCK).resolve("support", Registry.LIVE).orElseThrow().read("model.onnx"));
  }

  @Test
  void aVersionWhoseManifestIsRefusedIsListedAsSuch() throws IOException {
    String first = version(publish("support", 1));
    damage(first, "manifest.json");

    Published listed = open(CLOCK).versions("support").getFirst();

    assertEquals(first, listed.version());
    assertTrue(
        listed instanceof Published.Unreadable unreadable
            && unreadable.trouble().field().contains(first + "/manifest.json"),
        listed.toString());
  }

  @Test
  void movesOfTwoProcessesHappenOneAfterTheOther() throws Exception {
    List<String> versions = new ArrayList<>();
    for (int content = 0; content < 3; content++) {
      versions.add(version(publish("support", content)));
    }
    List<Process> movers = new ArrayList<>();
    for (String name : List.of("one", "two")) {
      List<String> arguments = new ArrayList<>(List.of("support", name, "20"));
      arguments.addAll(versions);
      movers.add(mover(arguments).redirectErrorStream(true).start());
    }
    for (Process mover : movers) {
      String said = new String(mover.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, mover.waitFor(), said);
    }

    List<Move> moves = openHistory().history("support");
    assertEquals(
        Set.of("one", "two"),
        moves.stream().map(move -> move.reason().split(" ", -1)[0]).collect(Collectors.toSet()));
    for (int i = 1; i < moves.size(); i++) {
      assertEquals(moves.get(i - 1).version(), moves.get(i).previous());
    }
    assertEquals(new Moves(moves).aliases(), registry.aliases("support"));
  }

  @Test
  void noAliasEverNamesWhatAnotherRemovesMeanwhile() throws Exception {
    promoteInTurn(4);
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      Future<?> clearing =
          executor.submit(() -> {
            for (int i = 0; i < 15; i++) {
              open(LATER).clear("support", 0, false);
            }
            return null;
          });
      Future<?> moving =
          executor.submit(() -> {
            for (int i = 0; i < 15; i++) {
              publishAndPoint(i % 4);
            }
            return null;
          });
      clearing.get();
      moving.get();
    }

    open(LATER).clear("support", 0, false);
    for (String alias : registry.aliases("support").keySet()) {
      Artifact named = open(CLOCK).resolve("support", alias).orElseThrow();
      assertEquals(4, named.read("model.onnx").length, alias);
    }
  }

  /** What was removed before it was pointed to is refused, and only that. */
  private void publishAndPoint(int content) throws IOException {
    CuratedRegistry own = open(CLOCK);
    try {
      Artifact published = own.publish(written("support", content));
      own.point("support", Registry.LIVE, version(published), "content " + content);
    } catch (InvalidValueException e) {
      assertEquals("version", e.field(), e.toString());
    }
  }
}
