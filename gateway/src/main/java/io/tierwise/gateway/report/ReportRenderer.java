package io.tierwise.gateway.report;

import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Writes a cost report as a table for people: rounded, within 100 columns for up to three
 * dimensions. The same report gives the same text.
 */
public final class ReportRenderer {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private ReportRenderer() {}

  /** A column of figures; of the optional ones, those that are nothing but zero are left out. */
  private record Figure(String header, boolean optional, Function<CostReport.Row, String> text) {}

  /**
   * One line for each row, the total last, and below it what the candidates of tasks in observe
   * mode would have saved. Amounts in US dollars; the smaller they are, the more decimals.
   */
  public static String table(CostReport report) {
    int decimals = decimals(report.total());
    List<Figure> figures =
        figures(decimals).stream()
            .filter(figure -> !figure.optional() || isAboveZero(figure, report))
            .toList();
    TextTable table = new TextTable(report.dimensions().size());
    table.add(header(report, figures));
    for (CostReport.KeyedRow row : report.rows()) {
      table.add(cells(row.key(), row.row(), figures));
    }
    if (!report.dimensions().isEmpty()) {
      table.rule();
      table.add(cells(totalKey(report), report.total(), figures));
    }
    Money wouldSave = report.total().wouldSave();
    return wouldSave.equals(Money.ZERO)
        ? table.render()
        : table.render()
            + "in observe mode, candidates would have saved another $"
            + wouldSave.rounded(decimals)
            + "\n";
  }

  /** The same, and below it how sure it is, where the month is heading and who moved. */
  public static String table(LedgerReport report) {
    StringBuilder text = new StringBuilder(table(report.costs()));
    Remarks.of(report).forEach(remark -> text.append(remark).append('\n'));
    report
        .movers()
        .filter(movers -> !movers.movers().isEmpty())
        .ifPresent(movers -> text.append('\n').append(movers(movers)));
    return text.toString();
  }

  private static String movers(Movers movers) {
    TextTable table = new TextTable(2);
    table.add(
        List.of("tenant", "task", "from " + movers.before(), "from " + movers.now(), "change$"));
    int decimals =
        decimals(
            movers.movers().stream()
                .map(mover -> max(mover.before(), mover.now()))
                .reduce(Money.ZERO, ReportRenderer::max));
    for (Movers.Mover mover : movers.movers()) {
      table.add(
          List.of(
              mover.tenant(),
              mover.task(),
              mover.before().rounded(decimals),
              mover.now().rounded(decimals),
              mover.change().rounded(decimals)));
    }
    return "cost, audits included, in " + movers.days() + " days each\n" + table.render();
  }

  private static List<Figure> figures(int decimals) {
    return List.of(
        new Figure("requests", false, row -> Long.toString(row.requests())),
        new Figure("cheap", false, row -> Long.toString(row.avoidedLarge())),
        new Figure("degraded", true, row -> Long.toString(row.degraded())),
        new Figure("refused", true, row -> Long.toString(row.refused())),
        new Figure("audits", true, row -> Long.toString(row.audits())),
        new Figure("audits$", true, row -> row.auditCost().rounded(decimals)),
        new Figure("cost$", false, row -> row.cost().rounded(decimals)),
        new Figure("all large$", false, row -> row.counterfactual().rounded(decimals)),
        new Figure("saved$", false, row -> row.saved().rounded(decimals)),
        new Figure("saved%", false, ReportRenderer::percent));
  }

  private static boolean isAboveZero(Figure figure, CostReport report) {
    return new BigDecimal(figure.text().apply(report.total())).signum() != 0;
  }

  private static List<String> header(CostReport report, List<Figure> figures) {
    List<String> cells = new ArrayList<>();
    report.dimensions().forEach(dimension -> cells.add(name(dimension)));
    figures.forEach(figure -> cells.add(figure.header()));
    return cells;
  }

  private static List<String> cells(List<String> key, CostReport.Row row, List<Figure> figures) {
    List<String> cells = new ArrayList<>(key);
    figures.forEach(figure -> cells.add(figure.text().apply(row)));
    return cells;
  }

  private static List<String> totalKey(CostReport report) {
    List<String> key = new ArrayList<>();
    for (int i = 0; i < report.dimensions().size(); i++) {
      key.add(i == 0 ? "total" : "");
    }
    return key;
  }

  static String percent(CostReport.Row row) {
    return row.counterfactual().equals(Money.ZERO)
        ? "-"
        : new Money(saving(row).multiply(HUNDRED)).rounded(1);
  }

  /** Of what the large tier alone would have cost, the share that was kept, audits paid. */
  static BigDecimal saving(CostReport.Row row) {
    return row.spent().savingAgainst(row.counterfactual());
  }

  static int decimals(CostReport.Row total) {
    return decimals(max(total.counterfactual(), total.spent()));
  }

  /** As many as tell amounts of this size apart. */
  static int decimals(Money largest) {
    if (largest.compareTo(Money.of("1")) < 0) {
      return 6;
    }
    return largest.compareTo(Money.of("1000")) < 0 ? 4 : 2;
  }

  private static Money max(Money left, Money right) {
    return left.compareTo(right) >= 0 ? left : right;
  }

  static String name(Dimension dimension) {
    return dimension.name().toLowerCase(Locale.ROOT);
  }
}
