package io.tierwise.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.gateway.testing.ChildProcess;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateStoreTest {
  private static final Certificate CERTIFICATE = StoreFixture.certificate(3, 0.93);

  @TempDir private Path directory;
  private Database database;
  private GateStore gates;

  @BeforeEach
  void open() {
    database = Database.open(directory);
    gates = new GateStore(database, StoreFixture.clock());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void startsANewTaskInObserveMode() {
    assertEquals(
        new GateState(
            "triage", new Gate.Observe(Thresholds.NONE), null, StoreFixture.NOW, "new task"),
        gates.state("triage"));
    assertEquals(List.of(), gates.history("triage"));
  }

  @Test
  void opensUnderACertificate() {
    String id = gates.keep("triage", "a1", CERTIFICATE);
    GateState expected =
        new GateState(
            "triage",
            new Gate.Open(CERTIFICATE.thresholds(), id),
            "a1",
            StoreFixture.NOW,
            "certified");

    assertEquals(expected, gates.open("triage", "a1", id, "certified"));
    assertEquals(expected, gates.state("triage"));
    assertEquals(expected, gates.state("triage", "a1"));
    assertEquals("new task", gates.state("other").reason());
  }

  @Test
  void opensOnceUnderOneCertificateHoweverManyFoundItDue() {
    String id = gates.keep("triage", "a1", CERTIFICATE);
    GateState opened = gates.open("triage", "a1", id, "certified");

    assertEquals(opened, gates.open("triage", "a1", id, "its opening was cut short"));
    assertEquals(1, gates.history("triage").size());

    gates.shut("triage", "by hand");
    gates.open("triage", "a1", id, "again");
    assertEquals(3, gates.history("triage").size());
  }

  @Test
  void refusesToOpenWithoutACertificateOfThatTaskAndArtifact() {
    String id = gates.keep("triage", "a1", CERTIFICATE);

    assertThrows(InvalidValueException.class, () -> gates.open("triage", "a2", id, "wrong"));
    assertThrows(InvalidValueException.class, () -> gates.open("other", "a1", id, "wrong"));
    assertEquals(
        "certificate: 'cert-none' is none of task triage and artifact a1; certify that artifact"
            + " first",
        assertThrows(
                InvalidValueException.class, () -> gates.open("triage", "a1", "cert-none", "wrong"))
            .getMessage());
    assertEquals(List.of(), gates.history("triage"));
  }

  @Test
  void shutsAndObservesAndKeepsTheHistory() {
    String id = gates.keep("triage", "a1", CERTIFICATE);
    gates.open("triage", "a1", id, "certified");
    GateStore later = new GateStore(database, StoreFixture.at(Duration.ofMinutes(1)));

    assertEquals(
        new GateState(
            "triage",
            new Gate.Shut("the alarm rang"),
            "a1",
            StoreFixture.NOW.plusSeconds(60),
            "the alarm rang"),
        later.shut("triage", "the alarm rang"));
    assertEquals(
        new Gate.Observe(CERTIFICATE.thresholds()), later.observe("triage", "look again").gate());
    assertEquals(
        List.of(
            new GateMove(StoreFixture.NOW, "triage", GateMove.Mode.OPEN, "a1", id, "certified"),
            new GateMove(
                StoreFixture.NOW.plusSeconds(60),
                "triage",
                GateMove.Mode.SHUT,
                "a1",
                null,
                "the alarm rang"),
            new GateMove(
                StoreFixture.NOW.plusSeconds(60),
                "triage",
                GateMove.Mode.OBSERVE,
                "a1",
                null,
                "look again")),
        gates.history("triage"));
  }

  @Test
  void observesWithTheThresholdsOfTheLiveArtifactsNewestCertificate() {
    Certificate newer = StoreFixture.certificate(4, 0.8);
    Certificate others = StoreFixture.certificate(5, 0.7);
    gates.keep("triage", "a1", CERTIFICATE);
    gates.keep("triage", "a1", newer);
    gates.keep("triage", "a2", others);

    assertEquals(new Gate.Observe(newer.thresholds()), gates.state("triage", "a1").gate());
    assertEquals(new Gate.Observe(others.thresholds()), gates.state("triage", "a2").gate());
    assertEquals(new Gate.Observe(Thresholds.NONE), gates.state("triage", "a3").gate());
    assertEquals(new Gate.Observe(others.thresholds()), gates.state("triage").gate());
  }

  @Test
  void keepsACertificateToTheLastBitAndOnce() {
    String id = gates.keep("triage", "a1", CERTIFICATE);
    KeptCertificate kept = new KeptCertificate(id, "triage", "a1", CERTIFICATE, StoreFixture.NOW);

    assertEquals(Optional.of(kept), gates.certificate("triage", id));
    assertEquals(Optional.of(kept), gates.latestFor("triage", "a1"));
    assertEquals(Optional.empty(), gates.latestFor("triage", "a2"));
    assertEquals(Optional.empty(), gates.certificate("triage", "cert-none"));
    assertEquals(id, gates.keep("triage", "a1", CERTIFICATE));
    assertNotEquals(id, gates.keep("triage", "a2", CERTIFICATE));
  }

  @Test
  void countsTestsForEachTaskAndNeverResets() {
    assertEquals(1, gates.spendTest("triage"));
    assertEquals(2, gates.spendTest("triage"));
    assertEquals(1, gates.spendTest("other"));
    database.close();
    open();
    assertEquals(3, gates.spendTest("triage"));
    assertEquals(3, gates.testsSpent("triage"));
    assertEquals(0, gates.testsSpent("third"));
  }

  @Test
  void givesNoTestTwiceToThreadsOnTwoConnections() throws Exception {
    try (Database second = Database.open(directory);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<GateStore> stores = List.of(gates, new GateStore(second, StoreFixture.clock()));
      List<Future<Integer>> spent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        GateStore store = stores.get(i % 2);
        spent.add(executor.submit(() -> store.spendTest("triage")));
      }
      List<Integer> numbers = new ArrayList<>();
      for (Future<Integer> future : spent) {
        numbers.add(future.get());
      }
      assertEquals(
          IntStream.rangeClosed(1, 100).boxed().toList(), numbers.stream().sorted().toList());
    }
  }

  @Test
  void givesNoTestTwiceToTwoProcesses() throws Exception {
    List<Integer> numbers = new ArrayList<>();
    try (ChildProcess first = ChildProcess.run(SpendingMain.class, directory.toString(), "50");
        ChildProcess second = ChildProcess.run(SpendingMain.class, directory.toString(), "50")) {
      first.remainingLines().forEach(line -> numbers.add(Integer.valueOf(line)));
      second.remainingLines().forEach(line -> numbers.add(Integer.valueOf(line)));
    }
    assertEquals(
        IntStream.rangeClosed(1, 100).boxed().toList(), numbers.stream().sorted().toList());
    assertEquals(101, gates.spendTest("triage"));
  }
}
