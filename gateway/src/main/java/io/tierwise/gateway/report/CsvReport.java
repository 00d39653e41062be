package io.tierwise.gateway.report;

import io.tierwise.router.ledger.CostReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A report for spreadsheets: a line for each row, without a total, amounts in US dollars with all
 * their digits. The columns are the fields of {@link JsonReport}.
 */
public final class CsvReport {
  private static final List<String> FIGURES =
      List.of(
          "requests",
          "avoidedLarge",
          "refused",
          "degraded",
          "audits",
          "inputTokens",
          "outputTokens",
          "cost",
          "auditCost",
          "costAllLarge",
          "costAllLargeLow",
          "costAllLargeHigh",
          "saved",
          "wouldSave",
          "costlier",
          "loss");
  private static final int ESTIMATE = 10;

  private CsvReport() {}

  public static String of(LedgerReport report) {
    Csv csv = new Csv();
    List<@Nullable String> header = new ArrayList<>();
    report.costs().dimensions().forEach(dimension -> header.add(ReportRenderer.name(dimension)));
    header.addAll(FIGURES);
    csv.add(header);
    for (CostReport.KeyedRow row : report.costs().rows()) {
      List<@Nullable String> cells = new ArrayList<>();
      row.key().forEach(name -> cells.add(Csv.name(name)));
      cells.addAll(figures(row.row(), report.allLarge(row)));
      csv.add(cells);
    }
    return csv.toString();
  }

  private static List<@Nullable String> figures(CostReport.Row row, Optional<Interval> allLarge) {
    List<@Nullable String> cells = new ArrayList<>();
    cells.add(Long.toString(row.requests()));
    cells.add(Long.toString(row.avoidedLarge()));
    cells.add(Long.toString(row.refused()));
    cells.add(Long.toString(row.degraded()));
    cells.add(Long.toString(row.audits()));
    cells.add(Long.toString(row.inputTokens()));
    cells.add(Long.toString(row.outputTokens()));
    cells.add(row.cost().toString());
    cells.add(row.auditCost().toString());
    cells.add(row.counterfactual().toString());
    cells.add(allLarge.map(interval -> interval.low().rounded(ESTIMATE)).orElse(null));
    cells.add(allLarge.map(interval -> interval.high().rounded(ESTIMATE)).orElse(null));
    cells.add(row.saved().toString());
    cells.add(row.wouldSave().toString());
    cells.add(Long.toString(row.costlier()));
    cells.add(row.loss().toString());
    return cells;
  }
}
