package io.tierwise.gateway.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import java.util.Optional;

/**
 * A report for programs. Counts are numbers; amounts, in US dollars, are strings with all their
 * digits, and so is {@code saving}, a share to six decimals. What is estimated from a sample
 * (intervals, the forecast) is rounded to ten decimals. The same report gives the same text.
 */
public final class JsonReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
  private static final int ESTIMATE = 10;

  private JsonReport() {}

  /** {@code {"dimensions", "rows", "total"}}. */
  public static String of(CostReport report) {
    ObjectNode root = JSON.createObjectNode();
    putDimensions(root, report);
    ArrayNode rows = root.putArray("rows");
    report.rows().forEach(row -> putRow(rows.addObject(), report, row));
    put(root.putObject("total"), report.total());
    return written(root);
  }

  /**
   * The same, with {@code costAllLargeInterval} in each row and the total, and with {@code first},
   * {@code last}, {@code forecast} and {@code movers}; what is not known is null.
   */
  public static String of(LedgerReport report) {
    ObjectNode root = JSON.createObjectNode();
    root.put("first", report.first().map(Object::toString).orElse(null));
    root.put("last", report.last().map(Object::toString).orElse(null));
    CostReport costs = report.costs();
    putDimensions(root, costs);
    ArrayNode rows = root.putArray("rows");
    for (CostReport.KeyedRow row : costs.rows()) {
      ObjectNode node = rows.addObject();
      putRow(node, costs, row);
      putInterval(node, "costAllLargeInterval", report.allLarge(row));
    }
    ObjectNode total = root.putObject("total");
    put(total, costs.total());
    putInterval(total, "costAllLargeInterval", report.allLarge());
    putInterval(total, "savedInterval", report.saved());
    putForecast(root, report.forecast());
    putMovers(root, report.movers());
    return written(root);
  }

  private static void putDimensions(ObjectNode root, CostReport report) {
    ArrayNode dimensions = root.putArray("dimensions");
    report.dimensions().forEach(dimension -> dimensions.add(ReportRenderer.name(dimension)));
  }

  private static void putRow(ObjectNode node, CostReport report, CostReport.KeyedRow row) {
    for (int i = 0; i < row.key().size(); i++) {
      node.put(ReportRenderer.name(report.dimensions().get(i)), row.key().get(i));
    }
    put(node, row.row());
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
    node.put("saving", ReportRenderer.saving(row).toPlainString());
    node.put("wouldSave", row.wouldSave().toString());
    node.put("costlier", row.costlier());
    node.put("loss", row.loss().toString());
    node.put("lostCalls", row.lostCalls());
    node.put("lostCost", row.lostCost().toString());
  }

  private static void putInterval(ObjectNode node, String name, Optional<Interval> interval) {
    if (interval.isEmpty()) {
      node.putNull(name);
      return;
    }
    node.putObject(name)
        .put("low", rounded(interval.get().low()))
        .put("high", rounded(interval.get().high()))
        .put("level", Interval.LEVEL);
  }

  private static void putForecast(ObjectNode root, Optional<Forecast> known) {
    if (known.isEmpty()) {
      root.putNull("forecast");
      return;
    }
    Forecast forecast = known.get();
    ObjectNode node = root.putObject("forecast");
    node.put("month", forecast.month().toString());
    node.put("soFar", forecast.soFar().toString());
    node.put("cost", rounded(forecast.total()));
    putInterval(node, "costInterval", Optional.of(forecast.interval()));
    node.put("costAllLarge", rounded(forecast.allLarge()));
    node.put("wholeDays", forecast.wholeDays());
  }

  private static void putMovers(ObjectNode root, Optional<Movers> known) {
    if (known.isEmpty()) {
      root.putNull("movers");
      return;
    }
    Movers movers = known.get();
    ObjectNode node = root.putObject("movers");
    node.put("days", movers.days());
    node.put("before", movers.before().toString());
    node.put("now", movers.now().toString());
    ArrayNode rows = node.putArray("rows");
    for (Movers.Mover mover : movers.movers()) {
      rows.addObject()
          .put("tenant", mover.tenant())
          .put("task", mover.task())
          .put("before", mover.before().toString())
          .put("now", mover.now().toString())
          .put("change", mover.change().toString());
    }
  }

  private static String rounded(Money estimate) {
    return estimate.rounded(ESTIMATE);
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
}
