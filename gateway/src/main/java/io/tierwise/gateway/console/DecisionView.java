package io.tierwise.gateway.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.contract.ContractRenderer;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One request: why this tier, at what risk, saving what. */
final class DecisionView {
  private static final double NANOS_IN_MILLI = 1e6;

  private DecisionView() {}

  /**
   * @param entry the request's own
   * @param audits made for it within the hour
   */
  static ObjectNode json(LedgerEntry entry, List<LedgerEntry> audits, GatesThen gates) {
    GateThen gate = gates.of(entry.answeredBy());
    Reasons reasons = new Reasons(entry, gates);
    ObjectNode root = summary(entry);
    root.put("certificate", entry.certificate());
    root.put("bytes", entry.bytes());
    root.put("all_large_estimated", entry.counterfactualEstimated());
    root.put("loss", ContractRenderer.loss(gates.chat()));
    root.put("why", reasons.tier());
    root.put("risk", reasons.risk());
    ObjectNode then = root.putObject("gate");
    then.put("mode", gate.mode().text());
    then.put("reason", gate.reason());
    KeptCertificate kept = gate.certificate();
    then.set("certificate", kept == null ? null : ContractRenderer.json(kept));
    attempts(root, entry, gates, reasons);
    ArrayNode made = root.putArray("audits_made");
    for (LedgerEntry audit : audits) {
      ObjectNode node = made.addObject();
      node.put("at", audit.at().toString());
      node.set("cost", Figures.fine(audit.cost()));
      attempts(node, audit, gates, new Reasons(audit, gates));
    }
    return root;
  }

  /** A line of a list. */
  static ObjectNode summary(LedgerEntry entry) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("request_id", entry.requestId());
    node.put("at", entry.at().toString());
    node.put("tenant", entry.tenant());
    node.put("task", entry.task());
    TierName tier = entry.answeredBy();
    node.put("tier", tier == null ? null : tier.text());
    node.put("refusal", entry.refusal());
    node.put("version", entry.version());
    node.put("degraded", entry.degraded());
    node.put("audited", entry.audited());
    node.put("confidence", confidence(entry));
    node.put("latency_ms", millis(entry.latency()));
    node.set("cost", Figures.fine(entry.cost()));
    node.set("all_large", Figures.fine(entry.counterfactual()));
    node.set("saved", Figures.fine(entry.counterfactual().minus(entry.cost())));
    return node;
  }

  private static void attempts(
      ObjectNode node, LedgerEntry entry, GatesThen gates, Reasons reasons) {
    ArrayNode attempts = node.putArray("attempts");
    for (LedgerEntry.Line line : entry.lines()) {
      ObjectNode attempt = attempts.addObject();
      attempt.put("tier", line.tier().text());
      attempt.put("verdict", written(line.verdict()));
      attempt.put("confidence", line.confidence());
      attempt.put(
          "threshold",
          gates.of(line.tier()).threshold(line).map(needed -> needed.value()).orElse(null));
      attempt.put("shared", line.shared());
      attempt.put("input_tokens", line.usage().inputTokens());
      attempt.put("output_tokens", line.usage().outputTokens());
      attempt.put("tokens_estimated", line.usage().estimated());
      attempt.put("latency_ms", millis(line.latency()));
      attempt.set("cost", Figures.fine(line.cost()));
      attempt.put("reason", reasons.attempt(line));
    }
  }

  /** Of the candidate that answered. */
  private static @Nullable Double confidence(LedgerEntry entry) {
    return entry.lines().stream()
        .filter(line -> line.tier() == entry.answeredBy())
        .map(LedgerEntry.Line::confidence)
        .reduce(null, (earlier, later) -> later);
  }

  static double millis(Duration time) {
    return time.toNanos() / NANOS_IN_MILLI;
  }

  private static String written(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
