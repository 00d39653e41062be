package io.tierwise.bench.whatif;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.gateway.report.DayRange;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.BinomialInterval;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Entries of one task: a lookup costs 1, the student 10, and the large model 1 a token. */
class WhatIfTest {
  private static final Instant NOON = Instant.parse("2026-11-03T12:00:00Z");
  private static final Map<TierName, Tariff> PRICES =
      Map.of(
          TierName.EXACT_CACHE,
          new Tariff.PerRequest(Money.of("1")),
          TierName.STUDENT,
          new Tariff.PerRequest(Money.of("10")),
          TierName.LARGE,
          new Tariff.PerToken(Money.of("1000000"), Money.of("1000000"), Money.of("1000000")));

  private static LedgerEntry.Line line(
      TierName tier, Verdict verdict, @Nullable Double confidence, long tokens) {
    Usage usage =
        tier == TierName.LARGE
            ? Usage.tokens(tokens, 0, Duration.ofMillis(1))
            : Usage.call(Duration.ofMillis(1));
    return new LedgerEntry.Line(
        tier, verdict, confidence, usage, PRICES.get(tier).cost(usage), Duration.ofMillis(1));
  }

  private static LedgerEntry.Line miss() {
    return line(TierName.EXACT_CACHE, Verdict.NO_CANDIDATE, null, 0);
  }

  private static LedgerEntry.Line student(Verdict verdict, double confidence) {
    return line(TierName.STUDENT, verdict, confidence, 0);
  }

  private static LedgerEntry.Line large(long tokens) {
    return line(TierName.LARGE, Verdict.ACCEPTED, 1.0, tokens);
  }

  private static LedgerEntry entry(String id, boolean audited, LedgerEntry.Line... lines) {
    Money cost =
        List.of(lines).stream().map(LedgerEntry.Line::cost).reduce(Money.ZERO, Money::plus);
    return new LedgerEntry(
        id,
        NOON,
        "acme",
        "support",
        LedgerEntry.Purpose.SERVE,
        lines[lines.length - 1].tier(),
        null,
        "v1",
        null,
        List.of(lines),
        cost,
        Money.of("100"),
        true,
        10,
        audited,
        false,
        Duration.ofMillis(2));
  }

  /** Accepted at 0.8, escalated at 0.6, and one whose student was not tried. */
  private static final List<LedgerEntry> LEDGER =
      List.of(
          entry("r1", false, miss(), student(Verdict.ACCEPTED, 0.8)),
          entry("r2", false, miss(), student(Verdict.PASSED_ON, 0.6), large(100)),
          entry("r3", false, miss(), large(300)),
          entry("a1", true, miss(), student(Verdict.ACCEPTED, 0.8), large(200)),
          entry("a2", true, miss(), student(Verdict.PASSED_ON, 0.6), large(200)));

  private static AuditRow audit(String id, double confidence, boolean agrees, Verdict verdict) {
    return new AuditRow(
        id,
        "v1",
        null,
        Map.of(TierName.STUDENT, new AuditSample.Scored(new Confidence(confidence), agrees)),
        Map.of(TierName.STUDENT, verdict),
        false);
  }

  private static final List<AuditRow> AUDITS =
      List.of(
          audit("a1", 0.8, true, Verdict.ACCEPTED),
          audit("a2", 0.6, false, Verdict.PASSED_ON),
          audit("of-another-day", 0.8, false, Verdict.ACCEPTED));

  private static TaskOutcome outcome(
      List<LedgerEntry> ledger, Map<TierName, Tariff> prices, @Nullable Double threshold) {
    Thresholds thresholds =
        threshold == null ? null : Thresholds.student(new Confidence(threshold));
    return WhatIf.of(
            Map.of("support", new Change(prices, thresholds)),
            Map.of("support", AUDITS),
            DayRange.ALL,
            ledger::stream)
        .outcomes()
        .getFirst();
  }

  private static Range range(String low, String expected, String high) {
    return new Range(Money.of(low), Money.of(expected), Money.of(high));
  }

  @Test
  void theSamePolicyCostsTheSame() {
    TaskOutcome same = outcome(LEDGER, PRICES, null);
    assertEquals(Money.of("845"), same.recorded()); // 11 + 111 + 301 + 211 + 211
    assertEquals(range("845", "845", "845"), same.after());
    assertEquals(range("0", "0", "0"), same.difference());
    assertEquals(4, same.largeBefore());
    assertEquals(4, same.largeMost());
    assertArrayEquals(new int[] {2, 0, 0}, figures(same.risk()));
  }

  private static int[] figures(Risk risk) {
    return new int[] {risk.audits(), risk.lostBefore(), risk.lostAfter()};
  }

  @Test
  void anotherPriceIsChargedToWhatWasUsed() {
    Map<TierName, Tariff> half =
        Map.of(
            TierName.STUDENT,
            new Tariff.PerRequest(Money.of("2")),
            TierName.LARGE,
            new Tariff.PerToken(Money.of("500000"), Money.of("500000"), Money.of("500000")));
    // 5 lookups at the price of then, 4 students at 2, 800 tokens at a half
    assertEquals(range("413", "413", "413"), outcome(LEDGER, half, null).after());
  }

  @Test
  void aLowerThresholdLetsMoreCandidatesAnswerAndBoundsTheTierThatWasNotTried() {
    TaskOutcome lower = outcome(LEDGER, PRICES, 0.5);
    // r1 11, r2 11, audits 422; r3: 1 and the student at 10, then nothing or 300. All audits pass.
    assertEquals(range("455", "455", "755"), lower.after());
    assertEquals(2, lower.largeLeast());
    assertEquals(2, lower.largeExpected());
    assertEquals(3, lower.largeMost());
    assertArrayEquals(new int[] {2, 0, 1}, figures(lower.risk()));
  }

  @Test
  void aHigherThresholdMakesLargeCallsThatWereNeverMadeAndBoundsTheirCost() {
    TaskOutcome higher = outcome(LEDGER, PRICES, 0.9);
    // r1 11 and a large call of 100 to 300, 200 expected; r2 111; r3 1, 10 and 0 to 300, for
    // certain
    // 300 as no audit passes; audits 422.
    assertEquals(range("655", "1055", "1155"), higher.after());
    assertEquals(4, higher.largeLeast());
    assertEquals(5, higher.largeExpected());
    assertEquals(5, higher.largeMost());
  }

  @Test
  void theRisksDifferenceCountsThoseThatChangedSides() {
    Risk risk = outcome(LEDGER, PRICES, 0.5).risk();
    assertEquals(new Risk(2, 0, 1, 1, 0), risk);
    BinomialInterval up = BinomialInterval.of(1, 2, 0.975);
    BinomialInterval down = BinomialInterval.of(0, 2, 0.975);
    assertArrayEquals(
        new double[] {up.lower() - down.upper(), up.upper() - down.lower()},
        risk.difference(),
        1e-12);
  }

  @Test
  void refusesToGuessALargeCallsCostFromNothing() {
    List<LedgerEntry> none = List.of(entry("r1", false, miss(), student(Verdict.ACCEPTED, 0.8)));
    assertThrows(InvalidValueException.class, () -> outcome(none, PRICES, 0.9));
  }

  @Test
  void countsWhatItLeavesOut() {
    WhatIf other = WhatIf.of(Map.of(), Map.of(), DayRange.ALL, LEDGER::stream);
    assertEquals(Map.of("support", 5L), other.leftOut());
    assertEquals(List.of(), other.outcomes());
  }
}
