package io.tierwise.gateway.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.cost.Measure;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.CostReport;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * Sums for the page. An amount is {@code {"usd", "text"}}: all its digits, and what is to be shown,
 * rounded here from the exact decimal so that no program has to.
 */
final class Figures {
  private static final Money TEN = Money.of("10");
  private static final Money TENTH = Money.of("0.1");
  private static final int CENTS = 2;
  private static final int OF_ONE_REQUEST = 8;

  private Figures() {}

  static ObjectNode json(CostReport.Row row) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("requests", row.requests());
    node.put("avoided_large", row.avoidedLarge());
    node.put("refused", row.refused());
    node.put("degraded", row.degraded());
    node.put("audits", row.audits());
    node.put("costlier", row.costlier());
    node.set("spent", amount(row.spent()));
    node.set("cost", amount(row.cost()));
    node.set("audit_cost", amount(row.auditCost()));
    node.set("all_large", amount(row.counterfactual()));
    node.set("saved", amount(row.saved()));
    node.set("would_save", amount(row.wouldSave()));
    node.set("loss", amount(row.loss()));
    node.put(
        "saving",
        row.counterfactual().equals(Money.ZERO)
            ? null
            : row.spent().savingAgainst(row.counterfactual()).toPlainString());
    return node;
  }

  /** A sum: to the cent at least, and finer the smaller it is. */
  static ObjectNode amount(Money money) {
    Money size = money.isNegative() ? Money.ZERO.minus(money) : money;
    boolean whole = money.usd().scale() <= CENTS;
    int decimals = size.compareTo(TEN) >= 0 ? CENTS : size.compareTo(TENTH) >= 0 ? 4 : 6;
    return amount(money, whole ? CENTS : decimals);
  }

  /** What one request or attempt cost: two digits at least, however little it is. */
  static ObjectNode fine(Money money) {
    BigDecimal usd = money.usd();
    int firstDigit = usd.scale() - usd.precision() + 1;
    return amount(money, usd.signum() == 0 ? CENTS : Math.max(OF_ONE_REQUEST, firstDigit + 1));
  }

  /** What a limit counts: dollars as above, or {@code {"count", "text"}}. */
  static ObjectNode counted(Measure measure, BigDecimal value) {
    return switch (measure) {
      case DOLLARS -> amount(new Money(value));
      case REQUESTS, TOKENS ->
          JsonNodeFactory.instance
              .objectNode()
              .put("count", value.toPlainString())
              .put("text", String.format(Locale.ROOT, "%,d", value.toBigInteger()));
    };
  }

  /** How much of it is taken, for a bar; 1 of nothing. */
  static double share(BigDecimal taken, BigDecimal of) {
    return of.signum() == 0 ? 1 : taken.divide(of, MathContext.DECIMAL32).doubleValue();
  }

  private static ObjectNode amount(Money money, int decimals) {
    BigDecimal rounded = new BigDecimal(money.rounded(decimals));
    String digits = String.format(Locale.ROOT, "%,." + decimals + "f", rounded.abs());
    return JsonNodeFactory.instance
        .objectNode()
        .put("usd", money.toString())
        .put("text", (rounded.signum() < 0 ? "-$" : "$") + digits);
  }
}
