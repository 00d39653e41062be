package io.tierwise.gateway.report;

import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as a FOCUS 1.2 dataset (CSV): a row for each day, tenant, task, tier and purpose, so
 * that its costs add up to the ledger's to the last digit. A tenant is a sub account. What used
 * nothing and cost nothing has no row.
 *
 * <p>The ledger keeps what was paid and no unit prices, and there is no published price list, so
 * the conditional columns for unit prices and SKUs are absent; all four costs are what was paid.
 */
public final class FocusReport {
  /** FOCUS columns by their names, then the custom ones, as the specification orders them. */
  private static final List<String> COLUMNS =
      List.of(
          "BilledCost",
          "BillingAccountId",
          "BillingAccountName",
          "BillingCurrency",
          "BillingPeriodEnd",
          "BillingPeriodStart",
          "ChargeCategory",
          "ChargeClass",
          "ChargeDescription",
          "ChargeFrequency",
          "ChargePeriodEnd",
          "ChargePeriodStart",
          "ConsumedQuantity",
          "ConsumedUnit",
          "ContractedCost",
          "EffectiveCost",
          "InvoiceIssuerName",
          "ListCost",
          "PricingQuantity",
          "PricingUnit",
          "ProviderName",
          "PublisherName",
          "ServiceCategory",
          "ServiceName",
          "ServiceSubcategory",
          "SubAccountId",
          "SubAccountName",
          "x_CachedInputTokens",
          "x_InputTokens",
          "x_OutputTokens",
          "x_Purpose",
          "x_Task",
          "x_Tier");

  private static final String PROVIDER = "Tierwise";
  private static final Comparator<Charge> ORDER =
      Comparator.comparing(Charge::day)
          .thenComparing(Charge::tenant)
          .thenComparing(Charge::task)
          .thenComparing(Charge::tier)
          .thenComparing(Charge::purpose);

  /** What a row is about. */
  private record Charge(LocalDate day, String tenant, String task, String tier, String purpose) {}

  private record Sums(long requests, long input, long cachedInput, long output, Money cost) {
    static final Sums NONE = new Sums(0, 0, 0, 0, Money.ZERO);

    Sums plus(LedgerEntry.Line line) {
      return new Sums(
          requests + line.usage().requests(),
          input + line.usage().inputTokens(),
          cachedInput + line.usage().cachedInputTokens(),
          output + line.usage().outputTokens(),
          cost.plus(line.cost()));
    }

    long tokens() {
      return input + output;
    }
  }

  private final String account;
  private final TreeMap<Charge, Sums> charges = new TreeMap<>(ORDER);

  private FocusReport(String account) {
    this.account = account;
  }

  /**
   * @param account who is billed: the id and name of the billing account
   */
  public static String of(String account, DayRange range, Stream<LedgerEntry> entries) {
    FocusReport report = new FocusReport(account);
    entries.forEachOrdered(entry -> report.add(entry, range));
    return report.written();
  }

  private void add(LedgerEntry entry, DayRange range) {
    LocalDate day = entry.at().atZone(ZoneOffset.UTC).toLocalDate();
    if (!range.holds(day)) {
      return;
    }
    String purpose = entry.purpose() == LedgerEntry.Purpose.SERVE ? "serve" : "audit";
    for (LedgerEntry.Line line : entry.lines()) {
      boolean used = line.usage().requests() > 0 || !line.cost().equals(Money.ZERO);
      if (used) {
        Charge charge = new Charge(day, entry.tenant(), entry.task(), line.tier().text(), purpose);
        charges.put(charge, charges.getOrDefault(charge, Sums.NONE).plus(line));
      }
    }
  }

  private String written() {
    Csv csv = new Csv();
    csv.add(new ArrayList<>(COLUMNS));
    charges.forEach((charge, sums) -> csv.add(cells(charge, sums)));
    return csv.toString();
  }

  private List<@Nullable String> cells(Charge charge, Sums sums) {
    YearMonth month = YearMonth.from(charge.day());
    String cost = sums.cost().toString();
    String tenant = Csv.name(charge.tenant());
    List<@Nullable String> cells = new ArrayList<>();
    cells.add(cost);
    cells.add(account);
    cells.add(account);
    cells.add("USD");
    cells.add(startOf(month.plusMonths(1).atDay(1)));
    cells.add(startOf(month.atDay(1)));
    cells.add("Usage");
    cells.add(null);
    cells.add(description(charge));
    cells.add("Usage-Based");
    cells.add(startOf(charge.day().plusDays(1)));
    cells.add(startOf(charge.day()));
    cells.add(Long.toString(sums.tokens() > 0 ? sums.tokens() : sums.requests()));
    cells.add(sums.tokens() > 0 ? "Tokens" : "Requests");
    cells.add(cost);
    cells.add(cost);
    cells.add(PROVIDER);
    cells.add(cost);
    cells.add(Long.toString(sums.requests()));
    cells.add("Requests");
    cells.add(PROVIDER);
    cells.add(PROVIDER);
    cells.add("AI and Machine Learning");
    cells.add(PROVIDER);
    cells.add("Machine Learning");
    cells.add(tenant);
    cells.add(tenant);
    cells.add(Long.toString(sums.cachedInput()));
    cells.add(Long.toString(sums.input()));
    cells.add(Long.toString(sums.output()));
    cells.add(charge.purpose());
    cells.add(Csv.name(charge.task()));
    cells.add(charge.tier());
    return cells;
  }

  private static String description(Charge charge) {
    return (charge.purpose().equals("audit") ? "Audits of task " : "Answers to task ")
        + charge.task()
        + " by tier "
        + charge.tier();
  }

  private static String startOf(LocalDate day) {
    return day + "T00:00:00Z";
  }
}
