package io.tierwise.gateway.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import io.tierwise.router.ledger.Dimension;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Writes a cost report: a table for people, rounded, within 100 columns for up to three dimensions,
 * and JSON for programs, with all digits. The same report gives the same text.
 */
public final class ReportRenderer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
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

  private static String percent(CostReport.Row row) {
    return row.counterfactual().equals(Money.ZERO)
        ? "-"
        : new Money(saving(row).multiply(HUNDRED)).rounded(1);
  }

  /** Of what the large tier alone would have cost, the share that was kept, audits paid. */
  private static BigDecimal saving(CostReport.Row row) {
    return row.cost().plus(row.auditCost()).savingAgainst(row.counterfactual());
  }

  private static int decimals(CostReport.Row total) {
    Money largest = max(total.counterfactual(), total.cost().plus(total.auditCost()));
    if (largest.compareTo(Money.of("1")) < 0) {
      return 6;
    }
    return largest.compareTo(Money.of("1000")) < 0 ? 4 : 2;
  }

  private static Money max(Money left, Money right) {
    return left.compareTo(right) >= 0 ? left : right;
  }

  /**
   * {@code {"dimensions", "rows", "total"}}. Counts are numbers; amounts, in US dollars, are
   * strings with all their digits, and so is {@code saving}, a share to six decimals.
   */
  public static String json(CostReport report) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode dimensions = root.putArray("dimensions");
    report.dimensions().forEach(dimension -> dimensions.add(name(dimension)));
    ArrayNode rows = root.putArray("rows");
    for (CostReport.KeyedRow row : report.rows()) {
      ObjectNode node = rows.addObject();
      for (int i = 0; i < row.key().size(); i++) {
        node.put(name(report.dimensions().get(i)), row.key().get(i));
      }
      put(node, row.row());
    }
    put(root.putObject("total"), report.total());
    return written(root);
  }

  private static void put(ObjectNode node, CostReport.Row row) {
    node.put("requests", row.requests());
    node.put("avoidedLarge", row.avoidedLarge());
    node.put("refused", row.refused());
    node.put("degraded", row.degraded());
    node.put("audits", row.audits());
    node.put("inputTokens", row.inputTokens());
    node.put("outputTokens", row.outputTokens());
    node.put("cost", row.cost().toString());
    node.put("auditCost", row.auditCost().toString());
    node.put("costAllLarge", row.counterfactual().toString());
    node.put("saved", row.saved().toString());
    node.put("saving", saving(row).toPlainString());
    node.put("wouldSave", row.wouldSave().toString());
  }

  private static String written(ObjectNode root) {
    try {
      DefaultPrettyPrinter printer =
          new DefaultPrettyPrinter().withObjectIndenter(INDENT).withArrayIndenter(INDENT);
      return JSON.writer(printer).writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
    }
  }

  private static String name(Dimension dimension) {
    return dimension.name().toLowerCase(Locale.ROOT);
  }
}
