package io.tierwise.gateway.reconcile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.report.TextTable;
import io.tierwise.router.cost.Money;
import java.util.List;
import java.util.Map;

/** A reconciliation for people, and for programs. */
public final class ReconciliationRenderer {
  private static final int DECIMALS = 6;
  private static final int NAMES_SHOWN = 20;

  private ReconciliationRenderer() {}

  /** Dollars to the millionth; what is missing and foreign by name below. */
  public static String table(Reconciliation all) {
    TextTable table = new TextTable(2);
    table.add(
        List.of(
            "day",
            "service",
            "ledger",
            "bill",
            "residual",
            "others",
            "credits",
            "free",
            "idle",
            "missing",
            "rounding",
            "unexplained"));
    table.rule();
    for (Reconciliation.Row row : all.rows()) {
      table.add(
          List.of(
              row.day().toString(),
              row.service(),
              shown(row.ledger()),
              shown(row.bill()),
              shown(row.residual()),
              shown(row.otherUsers()),
              shown(row.creditsAndTaxes()),
              shown(row.freeTier()),
              shown(row.idleHours()),
              shown(row.missing()),
              shown(row.rounding()),
              shown(row.unexplained())));
    }
    StringBuilder text = new StringBuilder(table.render());
    for (Reconciliation.Missing missing : all.missing()) {
      text.append(
          "missing from the bill: %s from %s, $%s in the ledger%n"
              .formatted(missing.service(), missing.start(), missing.ledger()));
    }
    all.foreign().stream()
        .limit(NAMES_SHOWN)
        .forEach(entry ->
            text.append(
                "used by others: %s %s, $%s%n"
                    .formatted(
                        entry.getKey().service(), entry.getKey().resource(), entry.getValue())));
    if (all.foreign().size() > NAMES_SHOWN) {
      text.append("used by others: %d more%n".formatted(all.foreign().size() - NAMES_SHOWN));
    }
    all.unpriced()
        .forEach(service ->
            text.append(
                "no tier has a price of %s: the ledger cannot know it%n".formatted(service)));
    note(text, "not compared: services that no tier uses, in the bill", all.elsewhere());
    note(text, "not compared: outside of the bill's time, in the ledger", all.notCompared());
    return text.toString();
  }

  private static void note(StringBuilder text, String words, Money amount) {
    if (!amount.equals(Money.ZERO)) {
      text.append(words).append(", $").append(amount).append(System.lineSeparator());
    }
  }

  private static String shown(Money amount) {
    return amount.equals(Money.ZERO) ? "0" : amount.rounded(DECIMALS);
  }

  /** One object on one line; amounts as decimal strings with every digit. */
  public static String json(Reconciliation all) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("explained", all.explained());
    var rows = root.putArray("rows");
    for (Reconciliation.Row row : all.rows()) {
      rows.addObject()
          .put("day", row.day().toString())
          .put("service", row.service())
          .put("ledger", row.ledger().toString())
          .put("bill", row.bill().toString())
          .put("residual", row.residual().toString())
          .put("otherUsers", row.otherUsers().toString())
          .put("creditsAndTaxes", row.creditsAndTaxes().toString())
          .put("freeTier", row.freeTier().toString())
          .put("idleHours", row.idleHours().toString())
          .put("missing", row.missing().toString())
          .put("rounding", row.rounding().toString())
          .put("unexplained", row.unexplained().toString());
    }
    var missing = root.putArray("missing");
    for (Reconciliation.Missing each : all.missing()) {
      missing
          .addObject()
          .put("service", each.service())
          .put("start", each.start().toString())
          .put("ledger", each.ledger().toString());
    }
    var foreign = root.putArray("otherUsers");
    for (Map.Entry<Reconciliation.Foreign, Money> each : all.foreign()) {
      foreign
          .addObject()
          .put("service", each.getKey().service())
          .put("resource", each.getKey().resource())
          .put("cost", each.getValue().toString());
    }
    var unpriced = root.putArray("unpriced");
    all.unpriced().forEach(unpriced::add);
    root.put("otherServices", all.elsewhere().toString());
    root.put("outsideOfTheBill", all.notCompared().toString());
    return root + System.lineSeparator();
  }
}
