package io.tierwise.gateway.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.ContractStores;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateOpeningTest {
  private static final String TASK = "triage";

  /** ε = 0.2 and δ = 0.1: 14 samples can certify in the first test, so 56 are waited for. */
  private static final Contract CONTRACT = new Contract(0.2, 0.1);

  private static final int FIRST = 56;

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(Instant.parse("2026-11-24T12:00:00Z"));
  private int requests;
  private Database database;
  private ContractStores stores;
  private GateOpening opening;

  @BeforeEach
  void open() {
    database = Database.open(directory);
    stores = ContractStores.embedded(database, clock);
    opening = new GateOpening(TASK, CONTRACT, stores);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void audits(int count, String artifact, boolean agrees, @Nullable String certificate) {
    clock.advance(Duration.ofMillis(1));
    for (int i = 0; i < count; i++) {
      stores
          .audits()
          .keep(
              TASK,
              new AuditRow(
                  "r" + requests++,
                  artifact,
                  certificate,
                  Map.of(TierName.STUDENT, new Scored(Confidence.FULL, agrees)),
                  Map.of(TierName.STUDENT, Verdict.PASSED_ON),
                  false),
              Money.ZERO);
    }
    clock.advance(Duration.ofMillis(1));
  }

  private Gate gate() {
    return stores.gates().state(TASK).gate();
  }

  @Test
  void opensOnceEnoughAuditsInShadowCertifyTheLiveStudent() {
    assertEquals(FIRST, 4 * CONTRACT.fewestSamples(1));
    audits(FIRST - 1, "a1", true, null);
    assertEquals(Optional.empty(), opening.look("a1"));
    audits(1, "a1", false, null);
    assertEquals(
        Optional.of("the gate is open for a1: certified in test 1: 1 of 56 audits lost"),
        opening.look("a1"));
    Gate.Open open = (Gate.Open) gate();
    assertEquals(
        FIRST,
        stores.gates().certificate(TASK, open.certificate()).orElseThrow().certificate().samples());
    assertEquals(Optional.empty(), opening.look("a1"));
    assertEquals(1, stores.gates().testsSpent(TASK));
  }

  @Test
  void aTestThatCertifiesNothingIsFollowedByOneOnTwiceAsManyAudits() {
    audits(FIRST, "a1", false, null);
    assertEquals(
        Optional.of(
            "test 1 of a1 certifies nothing: even the strictest thresholds disagree too often"),
        opening.look("a1"));
    assertTrue(gate() instanceof Gate.Observe);
    audits(FIRST - 1, "a1", true, null);
    assertEquals(Optional.empty(), opening.look("a1"));
    audits(1, "a1", true, null);
    assertTrue(opening.look("a1").orElseThrow().startsWith("test 2 of a1 certifies nothing"));
    assertEquals(2, stores.gates().testsSpent(TASK));
  }

  @Test
  void aNewStudentIsTestedOnItsOwnAudits() {
    audits(FIRST, "a1", true, null);
    opening.look("a1");
    audits(3 * FIRST, "a1", true, null);
    assertEquals(Optional.empty(), opening.look("a2"));
    audits(4 * CONTRACT.fewestSamples(2), "a2", true, null);
    assertTrue(opening.look("a2").orElseThrow().startsWith("the gate is open for a2"));
    assertEquals("a2", stores.gates().state(TASK).artifact());
  }

  @Test
  void aStricterContractIsTestedAnewWithoutAnAlarm() {
    audits(FIRST, "a1", true, null);
    opening.look("a1");
    Contract strict = new Contract(0.1, 0.1);
    GateOpening stricter = new GateOpening(TASK, strict, stores);
    int wanted = 4 * strict.fewestSamples(2);
    audits(wanted - FIRST - 1, "a1", true, null);
    assertEquals(Optional.empty(), stricter.look("a1"));
    audits(1, "a1", true, null);
    assertEquals(
        Optional.of(
            "the gate is open for a1: certified in test 2: 0 of " + wanted + " audits lost"),
        stricter.look("a1"));
    assertEquals(Optional.empty(), stricter.look("a1"));
  }

  @Test
  void aHandOnTheGateKeepsItAsItIs() {
    audits(FIRST, "a1", true, null);
    stores.gates().shut(TASK, "by hand");
    assertEquals(Optional.empty(), opening.look("a1"));
    assertEquals(new Gate.Shut("by hand"), gate());
    assertEquals(0, stores.gates().testsSpent(TASK));
  }

  @Test
  void afterAnAlarmTheSameStudentStaysOutAndAnotherNeedsAuditsOfItsOwnSince() {
    audits(FIRST, "a1", true, null);
    opening.look("a1");
    audits(4 * CONTRACT.fewestSamples(2), "a2", true, null);
    String certificate = ((Gate.Open) gate()).certificate();
    audits(40, "a1", false, certificate);
    assertTrue(stores.watches().look(TASK).alarm().isPresent());
    clock.advance(Duration.ofMillis(1));
    audits(3 * FIRST, "a1", true, null);
    assertEquals(Optional.empty(), opening.look("a1"));
    assertEquals(Optional.empty(), opening.look("a2"));
    audits(4 * CONTRACT.fewestSamples(2), "a2", true, null);
    assertTrue(opening.look("a2").orElseThrow().startsWith("the gate is open for a2"));
  }

  @Test
  void anOpeningThatWasCutShortIsFinishedWithoutAnotherTest() {
    audits(FIRST, "a1", true, null);
    opening.look("a1");
    String certificate = ((Gate.Open) gate()).certificate();
    ContractStores again = ContractStores.embedded(database, clock);
    String kept =
        again
            .gates()
            .keep(
                "other",
                "a1",
                again.gates().certificate(TASK, certificate).orElseThrow().certificate());
    assertEquals(
        Optional.of("the gate is open for a1: its opening was cut short"),
        new GateOpening("other", CONTRACT, again).look("a1"));
    assertEquals(kept, ((Gate.Open) again.gates().state("other").gate()).certificate());
    assertEquals(0, again.gates().testsSpent("other"));
  }

  @Test
  void ofTwoThatLookAtOnceOneMakesTheTest() {
    audits(FIRST, "a1", true, null);
    var seen = stores.gates().head(TASK);
    assertTrue(stores.gates().beginTest(TASK, "a1", "of a1 on 56 audits", seen));
    assertEquals(false, stores.gates().beginTest(TASK, "a1", "of a1 on 56 audits", seen));
    GateMove noted = stores.gates().history(TASK).getLast();
    assertEquals("test: of a1 on 56 audits", noted.reason());
    assertEquals(false, stores.gates().held(TASK));
  }
}
