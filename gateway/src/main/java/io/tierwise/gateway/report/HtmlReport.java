package io.tierwise.gateway.report;

import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * A report as one page that needs nothing else: no script, no font, no network. It prints as it
 * looks. Amounts are rounded; the JSON report has all their digits. The same report gives the same
 * bytes.
 */
public final class HtmlReport {
  private static final String RANGE = "between";

  private final LedgerReport report;
  private final CostReport.Row total;
  private final int decimals;

  private HtmlReport(LedgerReport report) {
    this.report = report;
    this.total = report.costs().total();
    this.decimals = ReportRenderer.decimals(total);
  }

  public static String of(LedgerReport report) {
    return new HtmlReport(report).page();
  }

  private String page() {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Tierwise cost report</title>
    <style>
    %s</style>
    </head>
    <body>
    <header><h1>Cost report</h1><p>%s</p></header>
    <main>
    %s</main>
    <footer><p>All amounts in US dollars, days in UTC. <b>All large</b> is what the large tier \
    alone would have cost for the same requests: exact where its own answer is known, estimated \
    elsewhere, with an interval of 95 %%. <b>Saved</b> is all large less cost less audits.</p></footer>
    </body>
    </html>
    """
        .formatted(
            style(),
            Html.escaped(range()),
            total.requests() + total.audits() == 0
                ? Html.element("p", "empty", "The ledger has no entry in this range.")
                : tiles() + charts() + movers() + rows());
  }

  private String range() {
    return report.first().isEmpty() || report.last().isEmpty()
        ? "no entries"
        : "%.10s to %.10s".formatted(report.first().get(), report.last().get());
  }

  private String tiles() {
    StringBuilder html = new StringBuilder("<section class=\"tiles\" aria-label=\"Totals\">\n");
    html.append(
        tile(
            "Spent",
            dollars(total.spent()),
            total.audits() == 0 ? "no audits" : dollars(total.auditCost()) + " of it on audits"));
    html.append(
        tile(
            "All large",
            dollars(total.counterfactual()),
            report.allLarge().map(this::between).orElse("too few large answers for an interval")));
    html.append(
        tile(
            "Saved",
            dollars(total.saved()),
            ReportRenderer.percent(total)
                + " %"
                + report.saved().map(interval -> ", " + between(interval)).orElse("")));
    html.append(
        tile(
            "Requests",
            count(total.requests()),
            count(total.avoidedLarge())
                + " without a large call"
                + (total.refused() > 0 ? ", " + count(total.refused()) + " refused" : "")
                + (total.degraded() > 0 ? ", " + count(total.degraded()) + " degraded" : "")));
    html.append(
        tile(
            "Tokens",
            count(total.inputTokens() + total.outputTokens()),
            count(total.inputTokens()) + " in, " + count(total.outputTokens()) + " out"));
    html.append(
        tile(
            "Costlier than all large",
            dollars(total.loss()),
            count(total.costlier()) + " requests; part of saved already"));
    html.append(
        report
            .forecast()
            .map(forecast ->
                tile(
                    "Forecast for " + forecast.month(),
                    dollars(forecast.total()),
                    between(forecast.interval()) + "; all large " + dollars(forecast.allLarge())))
            .orElse(""));
    return html.append("</section>\n").toString();
  }

  private static String tile(String name, String figure, String remark) {
    return "<div>"
        + Html.element("h2", "", name)
        + Html.element("p", "figure", figure)
        + Html.element("p", "", remark)
        + "</div>\n";
  }

  private String charts() {
    List<String> days = report.days().keySet().stream().map(Object::toString).toList();
    List<CostReport.Row> rows = List.copyOf(report.days().values());
    Chart cost =
        new Chart(
            "Cost for each day, and what the large tier alone would have cost",
            days,
            List.of(
                new Chart.Series("serving", "serve", amounts(rows, Amount.COST)),
                new Chart.Series("audits", "audit", amounts(rows, Amount.AUDITS))),
            amounts(rows, Amount.ALL_LARGE),
            Chart::dollars);
    String costs = figure("Cost for each day", cost, List.of("all large"), List.of("all-large"));
    TierMix mix = TierMix.of(report.tiers());
    return costs
        + figure(
            "Requests for each day, by the tier that answered",
            new Chart(
                "Requests for each day, by the tier that answered",
                mix.days(),
                mix.series(),
                List.of(),
                Chart::count),
            List.of(),
            List.of());
  }

  private enum Amount {
    COST,
    AUDITS,
    ALL_LARGE;

    Money of(CostReport.Row row) {
      return switch (this) {
        case COST -> row.cost();
        case AUDITS -> row.auditCost();
        case ALL_LARGE -> row.counterfactual();
      };
    }
  }

  private static List<BigDecimal> amounts(List<CostReport.Row> rows, Amount amount) {
    return rows.stream().map(row -> amount.of(row).usd()).toList();
  }

  private static String figure(
      String title, Chart chart, List<String> lines, List<String> lineStyles) {
    StringBuilder html = new StringBuilder("<figure>");
    html.append(Html.element("h2", "", title)).append("\n<p class=\"legend\">");
    for (Chart.Series series : chart.series()) {
      html.append(key(series.style(), series.name()));
    }
    for (int i = 0; i < lines.size(); i++) {
      html.append(key("key-line " + lineStyles.get(i), lines.get(i)));
    }
    return html.append("</p>\n").append(chart.svg()).append("</figure>\n").toString();
  }

  private static String key(String style, String name) {
    return "<span><i class=\"" + style + "\"></i>" + Html.escaped(name) + "</span>";
  }

  private String movers() {
    if (report.movers().isEmpty() || report.movers().get().movers().isEmpty()) {
      return "";
    }
    Movers movers = report.movers().get();
    List<List<String>> rows = new ArrayList<>();
    for (Movers.Mover mover : movers.movers()) {
      rows.add(
          List.of(
              mover.tenant(),
              mover.task(),
              dollars(mover.before()),
              dollars(mover.now()),
              (mover.change().isNegative() ? "" : "+") + dollars(mover.change())));
    }
    String title =
        "Top movers: %d days from %s against the %d from %s"
            .formatted(movers.days(), movers.now(), movers.days(), movers.before());
    return table(title, List.of("tenant", "task", "before", "now", "change"), 2, rows, false);
  }

  private String rows() {
    CostReport costs = report.costs();
    List<String> header = new ArrayList<>();
    costs.dimensions().forEach(dimension -> header.add(ReportRenderer.name(dimension)));
    int keys = header.size();
    List<Figure> figures = figures();
    figures.forEach(figure -> header.add(figure.header()));
    List<List<String>> rows = new ArrayList<>();
    for (CostReport.KeyedRow row : costs.rows()) {
      List<String> cells = new ArrayList<>(row.key());
      figures.forEach(figure -> cells.add(figure.text().apply(row.row(), report.allLarge(row))));
      rows.add(cells);
    }
    List<String> last = new ArrayList<>();
    for (int i = 0; i < keys; i++) {
      last.add(i == 0 ? "total" : "");
    }
    figures.forEach(figure -> last.add(figure.text().apply(total, report.allLarge())));
    rows.add(last);
    return table("Figures", header, keys, rows, true);
  }

  /** A column of figures; one that nothing is in is left out. */
  private record Figure(
      String header, boolean shown, BiFunction<CostReport.Row, Optional<Interval>, String> text) {}

  private List<Figure> figures() {
    return Stream.of(
            new Figure("requests", true, (row, interval) -> count(row.requests())),
            new Figure("cheap", true, (row, interval) -> count(row.avoidedLarge())),
            new Figure("refused", total.refused() > 0, (row, interval) -> count(row.refused())),
            new Figure("degraded", total.degraded() > 0, (row, interval) -> count(row.degraded())),
            new Figure("audits", total.audits() > 0, (row, interval) -> count(row.audits())),
            new Figure(
                "tokens", true, (row, interval) -> count(row.inputTokens() + row.outputTokens())),
            new Figure("cost", true, (row, interval) -> dollars(row.cost())),
            new Figure(
                "audit cost", total.audits() > 0, (row, interval) -> dollars(row.auditCost())),
            new Figure("all large", true, (row, interval) -> dollars(row.counterfactual())),
            new Figure(
                RANGE, true, (row, interval) -> interval.map(this::ends).orElse("not known")),
            new Figure("saved", true, (row, interval) -> dollars(row.saved())),
            new Figure("saved %", true, (row, interval) -> ReportRenderer.percent(row)))
        .filter(Figure::shown)
        .toList();
  }

  private static String table(
      String title, List<String> header, int keys, List<List<String>> rows, boolean totalLast) {
    StringBuilder html = new StringBuilder("<section>");
    html.append(Html.element("h2", "", title))
        .append("\n<div class=\"scroll\"><table>\n<thead><tr>");
    for (int i = 0; i < header.size(); i++) {
      html.append(Html.element("th", i < keys ? "key" : "n", header.get(i)));
    }
    html.append("</tr></thead>\n<tbody>\n");
    for (int line = 0; line < rows.size(); line++) {
      html.append(totalLast && line == rows.size() - 1 ? "<tr class=\"total\">" : "<tr>");
      for (int i = 0; i < header.size(); i++) {
        String cell = rows.get(line).get(i);
        boolean loss = totalLast && cell.startsWith("-$");
        boolean range = header.get(i).equals(RANGE);
        String style = i < keys ? "key" : loss ? "n negative" : range ? "n range" : "n";
        html.append(Html.element("td", style, cell));
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody></table></div></section>\n").toString();
  }

  private String between(Interval interval) {
    return interval.low().equals(interval.high())
        ? "known exactly"
        : dollars(interval.low()) + " to " + dollars(interval.high());
  }

  private String ends(Interval interval) {
    return interval.low().equals(interval.high()) ? "exact" : between(interval);
  }

  private String dollars(Money amount) {
    String rounded = amount.rounded(decimals);
    return rounded.startsWith("-") ? "-$" + rounded.substring(1) : "$" + rounded;
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
