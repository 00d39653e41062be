package io.tierwise.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditStoreTest {
  private static final Scored SURE = new Scored(new Confidence(0.1 + 0.2), true);

  @TempDir private Path directory;
  private Database database;
  private AuditStore audits;

  @BeforeEach
  void open() {
    database = Database.open(directory);
    audits = new AuditStore(database, StoreFixture.clock());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void givesBackATasksAuditsInTheirOrder() {
    AuditRow first = row("r1", "a1", Verdict.WOULD_ACCEPT);
    AuditRow second =
        new AuditRow(
            "r2", null, null, Map.of(), Map.of(TierName.EXACT_CACHE, Verdict.NO_CANDIDATE), true);
    audits.append("triage", first);
    audits.append("other", row("r3", "a9", Verdict.ACCEPTED));
    audits.append("triage", second);

    assertEquals(List.of(first, second), audits.rows("triage"));
    assertEquals(List.of(), audits.rows("third"));
  }

  @Test
  void countsAnAuditWithoutAReferenceAsALoss() {
    AuditRow row =
        new AuditRow(
            "r1",
            "a1",
            null,
            Map.of(TierName.STUDENT, SURE),
            Map.of(TierName.STUDENT, Verdict.ACCEPTED),
            true);
    assertEquals(AuditSample.student(SURE.confidence(), false), row.sample());
    assertEquals(
        AuditSample.student(SURE.confidence(), true), row("r1", "a1", Verdict.ACCEPTED).sample());
  }

  @Test
  void judgesAGateByTheAuditsSinceItWasMovedAndNeverWritesATierOff() {
    audits.append("triage", row("before", "a1", Verdict.PASSED_ON));
    AuditStore later = new AuditStore(database, StoreFixture.at(Duration.ofMinutes(1)));
    later.append("triage", row("r1", "a1", Verdict.PASSED_ON));
    later.append("triage", row("r2", "a1", Verdict.PASSED_ON));
    later.append("triage", row("r3", "a1", Verdict.ACCEPTED));

    Instant moved = StoreFixture.NOW.plusSeconds(60);
    assertEquals(
        new AcceptanceRates(Map.of(TierName.STUDENT, 0.5)), later.rates("triage", moved, 100));
    assertEquals(
        new AcceptanceRates(Map.of(TierName.STUDENT, 2.0 / 3)), later.rates("triage", moved, 2));
    assertEquals(AcceptanceRates.UNKNOWN, later.rates("triage", moved.plusSeconds(1), 100));
  }

  private static AuditRow row(String requestId, String artifact, Verdict student) {
    return new AuditRow(
        requestId,
        artifact,
        null,
        Map.of(TierName.STUDENT, SURE),
        Map.of(TierName.STUDENT, student),
        false);
  }
}
