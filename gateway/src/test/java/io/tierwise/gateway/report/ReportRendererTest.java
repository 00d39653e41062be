package io.tierwise.gateway.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.testing.SampleEntries;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportRendererTest {
  @Test
  void showsPeopleAnAlignedTable() {
    assertEquals(
        """
        tenant  tier     requests  cheap  refused  audits   audits$     cost$  all large$     saved$  saved%
        acme    large           1      0        0       1  0.001800  0.002100    0.002100  -0.001800   -85.7
        acme    refused         1      0        1       0  0.000000  0.000000    0.000000   0.000000       -
        globex  student         1      1        0       0  0.000000  0.000000    0.001900   0.001900   100.0
        ----------------------------------------------------------------------------------------------------
        total                   3      1        1       1  0.001800  0.002100    0.004000   0.000100     2.5
        """,
        ReportRenderer.table(report(Dimension.TENANT, Dimension.TIER)));
  }

  @Test
  void showsTheTotalAloneWithoutDimensions() {
    assertEquals(
        """
        requests  cheap  refused  audits   audits$     cost$  all large$    saved$  saved%
               3      1        1       1  0.001800  0.002100    0.004000  0.000100     2.5
        """,
        ReportRenderer.table(report()));
  }

  @Test
  void showsProgramsEveryDigit() {
    assertEquals(
        """
        {
          "dimensions" : [
            "task"
          ],
          "rows" : [
            {
              "task" : "triage",
              "requests" : 3,
              "avoidedLarge" : 1,
              "refused" : 1,
              "degraded" : 0,
              "audits" : 1,
              "inputTokens" : 1750,
              "outputTokens" : 10,
              "cost" : "0.002100042345678901234567890123456789",
              "auditCost" : "0.0018",
              "costAllLarge" : "0.004",
              "saved" : "0.000099957654321098765432109876543211",
              "saving" : "0.024989",
              "wouldSave" : "0",
              "costlier" : 1,
              "loss" : "0.000000012345678901234567890123456789",
              "lostCalls" : 0,
              "lostCost" : "0"
            }
          ],
          "total" : {
            "requests" : 3,
            "avoidedLarge" : 1,
            "refused" : 1,
            "degraded" : 0,
            "audits" : 1,
            "inputTokens" : 1750,
            "outputTokens" : 10,
            "cost" : "0.002100042345678901234567890123456789",
            "auditCost" : "0.0018",
            "costAllLarge" : "0.004",
            "saved" : "0.000099957654321098765432109876543211",
            "saving" : "0.024989",
            "wouldSave" : "0",
            "costlier" : 1,
            "loss" : "0.000000012345678901234567890123456789",
            "lostCalls" : 0,
            "lostCost" : "0"
          }
        }
        """,
        JsonReport.of(report(Dimension.TASK)));
  }

  @Test
  void saysWhatObservedCandidatesWouldHaveSaved() {
    String table =
        ReportRenderer.table(CostReport.of(List.of(Dimension.TASK), Stream.of(observed("r1"))));
    assertTrue(
        table.endsWith("in observe mode, candidates would have saved another $0.002500\n"), table);
  }

  @Test
  void showsAnEmptyLedger() {
    CostReport empty = CostReport.of(List.of(Dimension.DAY), Stream.of());
    assertEquals(
        """
        day    requests  cheap     cost$  all large$    saved$  saved%
        --------------------------------------------------------------
        total         0      0  0.000000    0.000000  0.000000       -
        """,
        ReportRenderer.table(empty));
    assertTrue(JsonReport.of(empty).contains("\"rows\" : [ ]"));
  }

  @Test
  void staysWithinAHundredColumns() {
    String longName = "a-task-whose-name-is-as-long-as-names-may-be-".repeat(3).substring(0, 128);
    LedgerEntry entry = named(longName, "model\u001b[31m\n" + "x".repeat(200));
    String table =
        ReportRenderer.table(
            CostReport.of(
                List.of(Dimension.TENANT, Dimension.TASK, Dimension.MODEL), Stream.of(entry)));
    assertTrue(table.lines().allMatch(line -> line.length() <= 100), table);
    assertEquals(4, table.lines().count());
    assertTrue(table.contains("…"));
  }

  @Test
  void givesTheSameTextForTheSameEntriesInAnyOrder() {
    List<LedgerEntry> entries = new ArrayList<>(SampleEntries.all());
    List<Dimension> by = List.of(Dimension.DAY, Dimension.MODEL);
    String first = JsonReport.of(CostReport.of(by, entries.stream()));
    Collections.reverse(entries);
    assertEquals(first, JsonReport.of(CostReport.of(by, entries.stream())));
  }

  private static CostReport report(Dimension... dimensions) {
    return CostReport.of(List.of(dimensions), SampleEntries.all().stream());
  }

  private static LedgerEntry observed(String requestId) {
    return entry(requestId, "triage", "endpoint-7", Verdict.WOULD_ACCEPT);
  }

  private static LedgerEntry named(String task, String version) {
    return entry("r1", task, version, Verdict.PASSED_ON);
  }

  private static LedgerEntry entry(String requestId, String task, String version, Verdict student) {
    Money large = Money.of("0.0025");
    LedgerEntry.Line candidate =
        new LedgerEntry.Line(TierName.STUDENT, student, 0.9, Usage.NONE, Money.ZERO, Duration.ZERO);
    LedgerEntry.Line answer =
        new LedgerEntry.Line(
            TierName.LARGE, Verdict.ACCEPTED, 1.0, Usage.NONE, large, Duration.ZERO);
    return new LedgerEntry(
        requestId,
        Instant.EPOCH,
        "acme",
        task,
        LedgerEntry.Purpose.SERVE,
        TierName.LARGE,
        null,
        version,
        null,
        List.of(candidate, answer),
        large,
        large,
        false,
        10,
        false,
        false,
        Duration.ZERO);
  }
}
