package io.tierwise.gateway.report;

import io.tierwise.router.ledger.CostReport;
import java.util.ArrayList;
import java.util.List;

/** What a report says in sentences: how sure it is, what was lost, where the month is heading. */
final class Remarks {
  private Remarks() {}

  static List<String> of(LedgerReport report) {
    CostReport.Row total = report.costs().total();
    int decimals = ReportRenderer.decimals(total);
    List<String> remarks = new ArrayList<>();
    if (total.requests() == 0) {
      return remarks;
    }
    remarks.add(
        report
            .allLarge()
            .map(interval -> "all large: " + between(interval, decimals))
            .orElse(
                "all large: an estimate; how sure it is cannot be said before every task's large"
                    + " model has answered three times"));
    if (total.costlier() > 0) {
      remarks.add(
          "%d requests cost more than the large tier alone would have: $%s in all"
              .formatted(total.costlier(), total.loss().rounded(decimals)));
    }
    if (total.lostCalls() > 0) {
      remarks.add(
          "%d calls for audits may have been charged twice, for their answers were lost: $%s of the"
                  .formatted(total.lostCalls(), total.lostCost().rounded(decimals))
              + " audits' cost, by estimate");
    }
    remarks.add(
        report
            .forecast()
            .map(forecast -> forecast(forecast, decimals))
            .orElse("no forecast: it needs %d whole days".formatted(Forecast.FEWEST_DAYS)));
    return remarks;
  }

  private static String forecast(Forecast forecast, int decimals) {
    return "forecast for %s: $%s, %s; all large $%s; from %d whole days"
        .formatted(
            forecast.month(),
            forecast.total().rounded(decimals),
            between(forecast.interval(), decimals),
            forecast.allLarge().rounded(decimals),
            forecast.wholeDays());
  }

  static String between(Interval interval, int decimals) {
    return interval.low().equals(interval.high())
        ? "known exactly"
        : "between $%s and $%s (%.0f %%)"
            .formatted(
                interval.low().rounded(decimals),
                interval.high().rounded(decimals),
                100 * Interval.LEVEL);
  }
}
