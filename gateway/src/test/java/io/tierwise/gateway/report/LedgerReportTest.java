package io.tierwise.gateway.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LedgerReportTest {
  private static final List<Dimension> BY_TASK_AND_TIER = List.of(Dimension.TASK, Dimension.TIER);

  private static LedgerReport hand(Dimension... by) {
    return LedgerReport.of(List.of(by), DayRange.ALL, HandLedger.entries().stream());
  }

  /**
   * With b = 0.0725 / 4,320,000 and g = 1.408 / 43,200 to 18 decimals, in the order of the ledger:
   * cost = 10 · 2e-7 + 8 · (2e-7 + b) + 6 · (2e-7 + b + 0.001155) + 3 · (b + 0.00378) + 2b + 2 · (b
   * + 0.001) + 4 · 3.200016e-7 + 5 · 6.6667e-5 + 2 · (3.200016e-7 + g); all large = 10 · 0.00102 +
   * 8 · 0.001 + 6 · 0.001155 + 3 · 0.00378 + 2 · 0.001 + 2 · 0.001 + 11g.
   */
  @Test
  void addsUpALedgerUnderEveryTariffToTheLastDigit() {
    CostReport.Row total = hand(Dimension.TASK).costs().total();
    assertEquals(49, HandLedger.entries().size());
    assertEquals(
        new CostReport.Row(
            43,
            3,
            2,
            27,
            6,
            10_300,
            37,
            Money.of("0.020675592625340733"),
            Money.of("0.0051"),
            Money.of("0.040828518518518523"),
            Money.of("0.000065185185185186"),
            18,
            Money.of("0.000172396646718512"),
            0,
            Money.ZERO),
        total);
    assertEquals(Money.of("0.01505292589317779"), total.saved());
  }

  @Test
  void addsUpEachTenantToTheLastDigit() {
    List<CostReport.KeyedRow> rows = hand(Dimension.TENANT).costs().rows();
    assertEquals(List.of("acme"), rows.getFirst().key());
    assertEquals(Money.of("0.00033838283047407"), rows.getFirst().row().cost());
    assertEquals(Money.of("0.020493333333333337"), rows.getFirst().row().counterfactual());
    assertEquals(Money.of("0.020337209794866663"), rows.getLast().row().cost());
    assertEquals(Money.of("0.020335185185185186"), rows.getLast().row().counterfactual());
  }

  @Test
  void saysWhatLostCallsMayHaveCost() {
    List<LedgerEntry> entries = new ArrayList<>(HandLedger.entries());
    LedgerEntry audit =
        entries.stream()
            .filter(entry -> entry.purpose() == LedgerEntry.Purpose.AUDIT)
            .findFirst()
            .orElseThrow();
    String before =
        ReportRenderer.table(LedgerReport.of(BY_TASK_AND_TIER, DayRange.ALL, entries.stream()));
    entries.add(audit.lostBefore(1));
    String after =
        ReportRenderer.table(LedgerReport.of(BY_TASK_AND_TIER, DayRange.ALL, entries.stream()));
    assertFalse(before.contains("charged twice"));
    assertTrue(
        after.contains("1 calls for audits may have been charged twice, for their answers"), after);
  }

  @Test
  void showsANegativeSavingAsOne() {
    CostReport.KeyedRow slow =
        hand(Dimension.TASK, Dimension.TIER).costs().rows().stream()
            .filter(row -> row.key().equals(List.of("route", "student")))
            .findFirst()
            .orElseThrow();
    assertEquals(Money.of("0.0003346150064"), slow.row().cost());
    assertEquals(Money.of("-0.000041281673066663"), slow.row().saved());
    assertTrue(
        HtmlReport.of(hand(Dimension.TASK, Dimension.TIER)).contains("n negative\">-$0.000041"));
  }

  @Test
  void anExactAllLargeCostHasAnIntervalOfNoWidth() {
    LedgerReport report = hand(Dimension.TIER);
    CostReport.KeyedRow large =
        report.costs().rows().stream()
            .filter(row -> row.key().equals(List.of("large")))
            .findFirst()
            .orElseThrow();
    assertEquals(
        Interval.exactly(large.row().counterfactual()), report.allLarge(large).orElseThrow());
  }

  @Test
  void saysNoIntervalBeforeTheLargeModelHasAnsweredThreeTimes() {
    LedgerReport report = hand(Dimension.TASK);
    // route's large model answered twice
    assertTrue(report.allLarge().isEmpty());
    assertTrue(ReportRenderer.table(report).contains("answered three times"));
    assertTrue(report.allLarge(report.costs().rows().getLast()).isPresent());
  }

  @Test
  void costsThatFollowTheirBytesExactlyAreKnown() {
    List<LedgerEntry> entries = new ArrayList<>();
    for (int bytes : new int[] {100, 200, 300, 400}) {
      entries.add(large(bytes, "0.0" + bytes));
    }
    entries.add(student(250, "0.0250"));
    Interval interval =
        LedgerReport.of(BY_TASK_AND_TIER, DayRange.ALL, entries.stream()).allLarge().orElseThrow();
    assertEquals("0.125000", interval.low().rounded(6));
    assertEquals("0.125000", interval.high().rounded(6));
  }

  @Test
  void forecastsTheMonthFromWholeDays() {
    // 3 on the first day, 10 to 14 on whole ones, 5 until noon of the seventh: 24.5 days remain.
    String[] costs = {"3", "10", "12", "11", "13", "14", "5"};
    Instant noon = Instant.parse("2026-03-01T12:00:00Z");
    List<LedgerEntry> entries = new ArrayList<>();
    for (int day = 0; day < costs.length; day++) {
      entries.add(large("acme", noon.plus(Duration.ofDays(day)), 100, costs[day]));
    }
    Forecast forecast =
        LedgerReport.of(BY_TASK_AND_TIER, DayRange.ALL, entries.stream()).forecast().orElseThrow();
    assertEquals(YearMonth.of(2026, 3), forecast.month());
    assertEquals(5, forecast.wholeDays());
    assertEquals(Money.of("68"), forecast.soFar());
    // 68 + 24.5 · 12
    assertEquals(Money.of("362"), forecast.total());
    // t(4) = 2.776, s = 1.5811, √(24.5 + 24.5²/5) = 12.0229
    assertEquals("309.2202", forecast.interval().low().rounded(4));
    assertEquals("414.7798", forecast.interval().high().rounded(4));
  }

  @Test
  void namesWhoMovedAgainstTheDaysBefore() {
    Instant day = Instant.parse("2026-03-10T12:00:00Z");
    List<LedgerEntry> entries =
        List.of(
            large("acme", day, 100, "5"),
            large("acme", day.plus(Duration.ofDays(2)), 100, "4"),
            large("globex", day.plus(Duration.ofDays(1)), 100, "1"),
            large("globex", day.plus(Duration.ofDays(3)), 100, "8"),
            large("same", day, 100, "2"),
            large("same", day.plus(Duration.ofDays(2)), 100, "2"));
    DayRange range = new DayRange(LocalDate.of(2026, 3, 12), LocalDate.of(2026, 3, 13));
    LedgerReport report = LedgerReport.of(BY_TASK_AND_TIER, range, entries.stream());
    Movers movers = report.movers().orElseThrow();
    assertEquals(2, movers.days());
    assertEquals(LocalDate.of(2026, 3, 10), movers.before());
    assertEquals(
        List.of(
            new Movers.Mover("globex", "triage", Money.of("1"), Money.of("8")),
            new Movers.Mover("acme", "triage", Money.of("5"), Money.of("4"))),
        movers.movers());
    // The days before are compared with and are no part of the bill.
    assertEquals(Money.of("14"), report.costs().total().cost());
    assertEquals(
        movers, LedgerReport.of(BY_TASK_AND_TIER, DayRange.ALL, entries.stream()).movers().get());
  }

  @Property(tries = 20)
  void theSameEntriesGiveTheSameBytesInAnyOrder(@ForAll long seed) {
    List<LedgerEntry> shuffled = new ArrayList<>(HandLedger.entries());
    Collections.shuffle(shuffled, new Random(seed));
    LedgerReport one = hand(Dimension.DAY, Dimension.TASK);
    LedgerReport other =
        LedgerReport.of(List.of(Dimension.DAY, Dimension.TASK), DayRange.ALL, shuffled.stream());
    assertEquals(JsonReport.of(one), JsonReport.of(other));
    assertEquals(HtmlReport.of(one), HtmlReport.of(other));
    assertEquals(CsvReport.of(one), CsvReport.of(other));
    assertEquals(
        FocusReport.of("a", DayRange.ALL, HandLedger.entries().stream()),
        FocusReport.of("a", DayRange.ALL, shuffled.stream()));
  }

  /** Together the entries take more than this JVM's whole memory. */
  @Test
  void holdsNoEntry() {
    long wanted = Runtime.getRuntime().maxMemory() + (256L << 20);
    int bytes = 1 << 20;
    Stream<LedgerEntry> entries =
        Stream.generate(() -> versioned("v".repeat(bytes))).limit(wanted / bytes);
    LedgerReport report = LedgerReport.of(BY_TASK_AND_TIER, DayRange.ALL, entries);
    assertEquals(wanted / bytes, report.costs().total().requests());
  }

  @Test
  void whatIsNotInTheLedgerIsSaidOnEveryForm() {
    LedgerReport empty = LedgerReport.of(BY_TASK_AND_TIER, DayRange.ALL, Stream.of());
    assertTrue(HtmlReport.of(empty).contains("no entry in this range"));
    assertTrue(JsonReport.of(empty).contains("\"forecast\" : null"));
    assertEquals(1, CsvReport.of(empty).lines().count());
    assertEquals(1, FocusReport.of("a", DayRange.ALL, Stream.of()).lines().count());
  }

  @Test
  void namesFromOutsideNeitherRunInAPageNorInASpreadsheet() {
    String evil = "=cmd|'<script>alert(1)</script>'";
    LedgerEntry entry = large(evil, Instant.EPOCH, 100, "1");
    LedgerReport report =
        LedgerReport.of(List.of(Dimension.TENANT), DayRange.ALL, Stream.of(entry));
    String page = HtmlReport.of(report);
    assertFalse(page.contains("<script"));
    assertTrue(page.contains("&lt;script&gt;"));
    assertTrue(CsvReport.of(report).contains("\n'=cmd|"));
    assertTrue(FocusReport.of("a", DayRange.ALL, Stream.of(entry)).contains(",'=cmd|"));
  }

  @Test
  void thePageNeedsNothingElse() {
    String page = HtmlReport.of(hand(Dimension.TASK, Dimension.TIER));
    assertFalse(page.contains("http:") || page.contains("https:") || page.contains("url("));
    assertFalse(page.contains("<script") || page.contains("<link") || page.contains("<img"));
    assertTrue(page.contains("<svg") && page.contains("@media print"));
  }

  private static LedgerEntry large(int bytes, String cost) {
    return large("acme", Instant.EPOCH, bytes, cost);
  }

  private static LedgerEntry large(String tenant, Instant at, int bytes, String cost) {
    return entry(tenant, at, bytes, TierName.LARGE, cost, cost, false);
  }

  private static LedgerEntry versioned(String version) {
    LedgerEntry entry = large(100, "1");
    return new LedgerEntry(
        entry.requestId(),
        entry.at(),
        entry.tenant(),
        entry.task(),
        entry.purpose(),
        entry.answeredBy(),
        null,
        version,
        null,
        entry.lines(),
        entry.cost(),
        entry.counterfactual(),
        false,
        entry.bytes(),
        false,
        false,
        entry.latency());
  }

  private static LedgerEntry student(int bytes, String estimate) {
    return entry("acme", Instant.EPOCH, bytes, TierName.STUDENT, "0", estimate, true);
  }

  private static LedgerEntry entry(
      String tenant,
      Instant at,
      int bytes,
      TierName tier,
      String cost,
      String allLarge,
      boolean estimated) {
    LedgerEntry.Line line =
        new LedgerEntry.Line(
            tier, Verdict.ACCEPTED, 1.0, Usage.call(Duration.ZERO), Money.of(cost), Duration.ZERO);
    return new LedgerEntry(
        "r",
        at,
        tenant,
        "triage",
        LedgerEntry.Purpose.SERVE,
        tier,
        null,
        "v1",
        null,
        List.of(line),
        Money.of(cost),
        Money.of(allLarge),
        estimated,
        bytes,
        false,
        false,
        Duration.ZERO);
  }
}
