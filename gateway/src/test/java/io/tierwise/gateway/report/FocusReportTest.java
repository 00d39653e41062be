package io.tierwise.gateway.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.Dimension;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FocusReportTest {
  /** No name of the hand ledger holds a comma or a quote. */
  private static List<List<String>> dataset() {
    return FocusReport.of("finance", DayRange.ALL, HandLedger.entries().stream())
        .lines()
        .map(line -> Arrays.asList(line.split(",", -1)))
        .toList();
  }

  @Test
  void keepsThePublishedRules() {
    assertEquals(List.of(), FocusValidator.violations(dataset()));
  }

  @Test
  void itsCostsAddUpToTheLedgersToTheLastDigit() {
    List<List<String>> table = dataset();
    int column = table.getFirst().indexOf("BilledCost");
    Money sum =
        table.stream()
            .skip(1)
            .map(row -> Money.of(row.get(column)))
            .reduce(Money.ZERO, Money::plus);
    assertEquals(
        LedgerReport.of(List.of(Dimension.TASK), DayRange.ALL, HandLedger.entries().stream())
            .costs()
            .total()
            .spent(),
        sum);
    assertEquals(Money.of("0.02577559262534074074074074074074074073561"), sum);
  }

  @Test
  void hasARowForEachDayTenantTaskTierAndPurpose() {
    String audits =
        FocusReport.of("finance", DayRange.ALL, HandLedger.entries().stream())
            .lines()
            .filter(line -> line.contains("Audits"))
            .reduce("", String::concat);
    assertEquals(
        "0.0051,finance,finance,USD,2026-04-01T00:00:00Z,2026-03-01T00:00:00Z,Usage,,Audits of task"
            + " triage by tier large,Usage-Based,2026-03-02T00:00:00Z,"
            + "2026-03-01T00:00:00Z,2010,Tokens,0.0051,0.0051,Tierwise,0.0051,5,Requests,Tierwise,Tierwise,AI"
            + " and Machine Learning,Tierwise,Machine Learning,acme,acme,0,2000,10,audit,"
            + "triage,large",
        audits);
    assertEquals(14, dataset().size());
  }

  @Test
  void leavesOutOtherDays() {
    DayRange third = new DayRange(LocalDate.of(2026, 3, 3), LocalDate.of(2026, 3, 3));
    String csv = FocusReport.of("finance", third, HandLedger.entries().stream());
    assertTrue(csv.lines().skip(1).allMatch(line -> line.contains("2026-03-03T00:00:00Z")), csv);
  }

  /** Each rule bites: a dataset that breaks it is not valid. */
  @TestFactory
  Stream<DynamicTest> aBrokenDatasetIsRefused() {
    Map<String, String> broken =
        Map.ofEntries(
            Map.entry("BilledCost", "1e-7"),
            Map.entry("ListCost", "+1"),
            Map.entry("EffectiveCost", ""),
            Map.entry("ContractedCost", "12"),
            Map.entry("BillingCurrency", "$"),
            Map.entry("BillingPeriodEnd", "2026-04-01"),
            Map.entry("ChargePeriodEnd", "2026-05-02T00:00:00Z"),
            Map.entry("ChargePeriodStart", "2026-02-28T00:00:00Z"),
            Map.entry("ChargeCategory", "Consumption"),
            Map.entry("ChargeClass", "Regular"),
            Map.entry("ChargeFrequency", "Often"),
            Map.entry("ConsumedUnit", "tokens"),
            Map.entry("PricingQuantity", "1,000"),
            Map.entry("PricingUnit", ""),
            Map.entry("ServiceSubcategory", "Containers"),
            Map.entry("SubAccountName", ""));
    return broken.entrySet().stream()
        .map(each ->
            DynamicTest.dynamicTest(
                each.getKey() + " '" + each.getValue() + "'",
                () -> assertRefused(each.getKey(), each.getValue())));
  }

  private static void assertRefused(String column, String value) {
    List<List<String>> table = new ArrayList<>(dataset());
    List<String> row = new ArrayList<>(table.get(1));
    row.set(table.getFirst().indexOf(column), value);
    table.set(1, row);
    assertEquals(1, FocusValidator.violations(table).size(), column);
  }

  @Test
  void aMissingOrUnknownColumnIsRefused() {
    for (String column : List.of("x_InputTokens", "ListCost")) {
      List<List<String>> table = new ArrayList<>(dataset());
      List<String> header = new ArrayList<>(table.getFirst());
      header.set(header.indexOf(column), "InputTokens");
      table.set(0, header);
      assertTrue(!FocusValidator.violations(table).isEmpty(), column);
    }
  }
}
