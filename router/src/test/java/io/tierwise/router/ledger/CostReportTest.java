package io.tierwise.router.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport.KeyedRow;
import io.tierwise.router.ledger.CostReport.Row;
import io.tierwise.router.testing.CascadeFixture;
import io.tierwise.router.testing.SampleEntries;
import io.tierwise.router.testing.SampleRequests;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class CostReportTest {
  private static CostReport report(List<LedgerEntry> entries, Dimension... dimensions) {
    return CostReport.of(List.of(dimensions), entries.stream());
  }

  @Test
  void ofNothingIsEmpty() {
    CostReport report = report(List.of(), Dimension.TIER);
    assertEquals(List.of(), report.rows());
    assertEquals(Row.EMPTY, report.total());
    assertEquals(Money.ZERO, report.total().saved());
  }

  @Test
  void sumsEveryKindOfEntryToTheLastDigit() {
    // escalated, cheap, refused, audit
    Row total = report(SampleEntries.all()).total();
    assertEquals(
        new Row(
            3,
            1,
            0,
            1,
            1,
            1_750,
            10,
            Money.of("0.002100042345678901234567890123456789"),
            Money.of("0.0018"),
            Money.of("0.004"),
            Money.ZERO,
            1,
            Money.of("0.000000012345678901234567890123456789"),
            0,
            Money.ZERO),
        total);
    // 0.0040 − 0.0021… − 0.0018
    assertEquals(Money.of("0.000099957654321098765432109876543211"), total.saved());
  }

  /** The audit that was made is one, at 0.0018; two calls before it were lost. */
  @Test
  void showsWhatLostCallsMayHaveCostAtMostAsAPartOfTheAudits() {
    LedgerEntry audit =
        SampleEntries.all().stream()
            .filter(entry -> entry.purpose() == LedgerEntry.Purpose.AUDIT)
            .findFirst()
            .orElseThrow();
    Row total = report(List.of(audit, audit.lostBefore(2))).total();
    assertEquals(1, total.audits());
    assertEquals(2, total.lostCalls());
    assertEquals(Money.of("0.0036"), total.lostCost());
    assertEquals(Money.of("0.0054"), total.auditCost());
    assertEquals(total, report(List.of(audit.lostBefore(2), audit)).total());
    assertEquals(
        total, report(List.of(audit)).total().plus(report(List.of(audit.lostBefore(2))).total()));
  }

  @Test
  void breaksDownByTierWithAuditsUnderTheLargeOne() {
    List<KeyedRow> rows = report(SampleEntries.all(), Dimension.TIER).rows();
    assertEquals(
        List.of(List.of("large"), List.of("refused"), List.of("student")),
        rows.stream().map(KeyedRow::key).toList());
    Row large = rows.getFirst().row();
    assertEquals(1, large.requests());
    assertEquals(1, large.audits());
    assertEquals(Money.of("0.0018"), large.auditCost());
  }

  @Test
  void breaksDownBySeveralDimensionsInTheirOrder() {
    assertEquals(
        List.of(
            List.of("2026-03-01", "acme", "triage", "endpoint-7"),
            List.of("2026-03-01", "acme", "triage", "none"),
            List.of("2026-03-02", "globex", "triage", "a1b2c3")),
        report(
                SampleEntries.all(),
                Dimension.DAY,
                Dimension.TENANT,
                Dimension.TASK,
                Dimension.MODEL)
            .rows()
            .stream()
            .map(KeyedRow::key)
            .toList());
  }

  @Test
  void daysAreThoseOfUtc() {
    LedgerEntry entry = SampleEntries.cheap("r1");
    assertEquals("2026-03-02", Dimension.DAY.of(entry));
  }

  @Test
  void saysWhatObservedCandidatesWouldHaveSaved() {
    CascadeFixture fixture =
        new CascadeFixture()
            .tier(TierName.EXACT_CACHE, ScriptedTier.proposing("bug", 1), "0.0001")
            .tier(TierName.STUDENT, ScriptedTier.proposing("bug", 0.95), "0.001")
            .tier(TierName.LARGE, ScriptedTier.proposing("bug", 1), "1")
            .gate(new Gate.Observe(Thresholds.student(new Confidence(0.9))));
    fixture.answered(SampleRequests.request());
    Row row = report(fixture.entries()).total();
    // all after the exact hit: the student's attempt and the large model's
    assertEquals(Money.of("1.001"), row.wouldSave());
    assertEquals(Money.of("-0.0011"), row.saved());
    assertEquals(0, row.avoidedLarge());
  }

  @Test
  void anAuditsExtraAttemptsWouldHaveSavedNothing() {
    CascadeFixture fixture =
        new CascadeFixture()
            .audited()
            .tier(TierName.EXACT_CACHE, ScriptedTier.proposing("bug", 1), "0")
            .tier(TierName.SEMANTIC_CACHE, ScriptedTier.proposing("bug", 0.5), "0.01")
            .tier(TierName.STUDENT, ScriptedTier.proposing("bug", 0.95), "0.001")
            .tier(TierName.LARGE, ScriptedTier.proposing("bug", 1), "1")
            .open(0.9);
    fixture.answered(SampleRequests.request());
    assertEquals(
        List.of(Verdict.ACCEPTED, Verdict.PASSED_ON, Verdict.WOULD_ACCEPT),
        fixture.entries().getFirst().lines().stream().map(LedgerEntry.Line::verdict).toList());
    Row row = report(fixture.entries()).total();
    assertEquals(Money.ZERO, row.wouldSave());
    assertEquals(1, row.avoidedLarge());
  }

  @Provide
  Arbitrary<LedgerEntry> entries() {
    return Arbitraries.of(SampleEntries.all());
  }

  @Property
  void doesNotDependOnTheOrderOfTheEntries(
      @ForAll List<@From("entries") LedgerEntry> entries,
      @ForAll Random random,
      @ForAll Dimension one,
      @ForAll Dimension other) {
    List<LedgerEntry> shuffled = new ArrayList<>(entries);
    Collections.shuffle(shuffled, random);
    CostReport before = report(entries, one, other);
    CostReport after = report(shuffled, one, other);
    assertEquals(before.rows(), after.rows());
    assertEquals(before.total(), after.total());
  }

  @Property
  void rowsAddUpToTheTotal(
      @ForAll List<@From("entries") LedgerEntry> entries, @ForAll Dimension dimension) {
    CostReport report = report(entries, dimension);
    List<Row> rows = report.rows().stream().map(KeyedRow::row).toList();
    assertEquals(
        report.total().cost(), rows.stream().map(Row::cost).reduce(Money.ZERO, Money::plus));
    assertEquals(
        report.total().saved(), rows.stream().map(Row::saved).reduce(Money.ZERO, Money::plus));
    assertEquals(report.total().requests(), rows.stream().mapToLong(Row::requests).sum());
  }
}
