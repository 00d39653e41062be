package io.tierwise.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two students in line behind the whole gateway: the first must be at 0.8, the second at 0.7. */
class LineServingTest {
  private static final double[] UNSURE = {0.4, 0.3, 0.3};
  private static final double[] SURE = {0.05, 0.9, 0.05};
  private static final Thresholds BOTH =
      new Thresholds(
          Map.of(
              TierName.STUDENT, new Confidence(0.8),
              TierName.SECOND_STUDENT, new Confidence(0.7)));

  @TempDir private Path folder;
  private RunningGateway running;

  @AfterEach
  void stop() {
    if (running != null) {
      running.close();
    }
  }

  private String serve(Setup setup, double[] first, double[] second) {
    running = new RunningGateway(folder, setup);
    String version = Students.publishLine(running, first, second);
    Students.open(running, version, BOTH);
    running.gateway().refresh();
    return version;
  }

  private static List<TierName> tiers(LedgerEntry entry) {
    return entry.lines().stream().map(LedgerEntry.Line::tier).toList();
  }

  @Test
  void theSecondAnswersWhereTheFirstIsUnsureUnderOneVersionAndOneCertificate() {
    String version = serve(Setup.USUAL, UNSURE, SURE);
    Answer answer = running.ask("Where is my parcel?");

    assertEquals("second-student", answer.tier());
    assertEquals("delivery", answer.label());
    assertEquals("0.7", answer.header("x-tierwise-threshold"));
    assertEquals(version, answer.header("x-tierwise-artifact"));
    // A lookup and two students' passes.
    assertEquals("0.00000021", answer.header("x-tierwise-cost-usd"));
    LedgerEntry entry = running.ledger().getLast();
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.STUDENT, TierName.SECOND_STUDENT), tiers(entry));
    assertEquals(
        List.of(Verdict.NO_CANDIDATE, Verdict.PASSED_ON, Verdict.ACCEPTED),
        entry.lines().stream().map(LedgerEntry.Line::verdict).toList());
    assertEquals(List.of(), running.upstream.calls());
  }

  @Test
  void escalatesFromTheFirstToTheSecondToTheLargeModel() {
    serve(Setup.USUAL, UNSURE, UNSURE);
    Answer answer = running.ask("Where is my parcel?");

    assertEquals("large", answer.tier());
    assertNull(answer.header("x-tierwise-artifact"));
    LedgerEntry entry = running.ledger().getLast();
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.STUDENT, TierName.SECOND_STUDENT, TierName.LARGE),
        tiers(entry));
    assertEquals(Money.of("0.00006021"), entry.cost());
  }

  @Test
  void anAuditKeepsWhatBothProposeUnderTheLinesVersion() {
    String version = serve(Setup.USUAL.auditRate(1), SURE, UNSURE);
    assertEquals("student", running.ask("Where is my parcel?").tier());
    running.restart(Setup.USUAL);

    try (Database database = Database.open(running.data)) {
      AuditRow row = new AuditStore(database, running.clock).rows("support").getLast();
      assertEquals(version, row.artifact());
      assertEquals(
          Map.of(
              TierName.EXACT_CACHE, Verdict.NO_CANDIDATE,
              TierName.STUDENT, Verdict.ACCEPTED,
              TierName.SECOND_STUDENT, Verdict.PASSED_ON),
          row.verdicts());
      assertEquals(2, row.proposals().size());
    }
  }

  /** One alias names both, so there is no moment at which one of the two has moved. */
  @Test
  void oneMovePutsAnotherStudentInTheirPlace() {
    serve(Setup.USUAL, UNSURE, SURE);
    assertEquals("second-student", running.ask("a").tier());
    String alone = Students.publish(running, 0.4, 0.3, 0.3);
    Students.open(running, alone, 0.8);
    running.gateway().refresh();

    assertEquals(Optional.of(alone), running.gateway().artifact("support"));
    assertEquals("large", running.ask("b").tier());
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.STUDENT, TierName.LARGE),
        tiers(running.ledger().getLast()));
  }
}
