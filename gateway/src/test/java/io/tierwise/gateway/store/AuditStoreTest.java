package io.tierwise.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
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
    audits.keep("triage", first, Money.ZERO);
    audits.keep("other", row("r3", "a9", Verdict.ACCEPTED), Money.ZERO);
    audits.keep("triage", second, Money.ZERO);

    assertEquals(List.of(first, second), audits.rows("triage"));
    assertEquals(List.of(), audits.rows("third"));
  }

  @Test
  void keepsARequestsFirstAuditOnlyAndChargesEveryCall() {
    AuditRow first = row("r1", "a1", Verdict.ACCEPTED);
    assertTrue(audits.keep("triage", first, Money.of("0.3")));
    assertFalse(audits.keep("triage", row("r1", "a1", Verdict.PASSED_ON), Money.of("0.25")));
    assertTrue(audits.keep("other", first, Money.ZERO));

    assertEquals(List.of(first), audits.rows("triage"));
    assertEquals(
        new AuditSpending(LocalDate.parse("2026-11-24"), Money.of("0.55"), 2),
        audits.spentToday("triage"));
    assertEquals(Money.ZERO, audits.spentToday("other").spent());
    AuditStore tomorrow = new AuditStore(database, StoreFixture.at(Duration.ofDays(1)));
    assertEquals(Money.ZERO, tomorrow.spentToday("triage").spent());
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
  void countsAnAcceptedAuditBeforehandSoThatNoTierIsWrittenOff() {
    AuditRow passedOn = row("r1", "a1", Verdict.PASSED_ON);
    AuditRow accepted = row("r2", "a1", Verdict.ACCEPTED);
    assertEquals(
        new AcceptanceRates(Map.of(TierName.STUDENT, 0.5)),
        Acceptance.of(List.of(accepted, passedOn, passedOn)));
    assertEquals(
        new AcceptanceRates(Map.of(TierName.STUDENT, 2.0 / 3)),
        Acceptance.of(List.of(accepted, passedOn)));
    assertEquals(AcceptanceRates.UNKNOWN, Acceptance.of(List.of()));
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
