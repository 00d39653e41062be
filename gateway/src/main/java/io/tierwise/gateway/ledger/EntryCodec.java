package io.tierwise.gateway.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.ledger.LedgerEntry;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A ledger entry as JSON, exact: money as decimal strings with all digits, durations in
 * nanoseconds, times in ISO-8601, confidences as the shortest decimal that gives the same double.
 * What is null is left out, and so are {@code shared} and {@code tokensEstimated} where false.
 */
final class EntryCodec {
  static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  private EntryCodec() {}

  static byte[] encode(LedgerEntry entry) {
    ObjectNode node = JSON.createObjectNode();
    node.put("format", FORMAT);
    node.put("requestId", entry.requestId());
    node.put("at", entry.at().toString());
    node.put("tenant", entry.tenant());
    node.put("task", entry.task());
    node.put("purpose", written(entry.purpose()));
    putIfPresent(node, "answeredBy", entry.answeredBy());
    putIfPresent(node, "refusal", entry.refusal());
    putIfPresent(node, "version", entry.version());
    putIfPresent(node, "certificate", entry.certificate());
    ArrayNode lines = node.putArray("lines");
    entry.lines().forEach(line -> encode(lines.addObject(), line));
    node.put("cost", entry.cost().toString());
    node.put("counterfactual", entry.counterfactual().toString());
    node.put("counterfactualEstimated", entry.counterfactualEstimated());
    node.put("bytes", entry.bytes());
    node.put("audited", entry.audited());
    node.put("degraded", entry.degraded());
    node.put("latencyNanos", entry.latency().toNanos());
    return node.toString().getBytes(UTF_8);
  }

  private static void encode(ObjectNode node, LedgerEntry.Line line) {
    node.put("tier", line.tier().text());
    node.put("verdict", written(line.verdict()));
    if (line.confidence() != null) {
      node.put("confidence", line.confidence());
    }
    node.put("requests", line.usage().requests());
    node.put("inputTokens", line.usage().inputTokens());
    node.put("cachedInputTokens", line.usage().cachedInputTokens());
    node.put("outputTokens", line.usage().outputTokens());
    node.put("computeNanos", line.usage().compute().toNanos());
    node.put("cost", line.cost().toString());
    node.put("latencyNanos", line.latency().toNanos());
    if (line.usage().estimated()) {
      node.put("tokensEstimated", true);
    }
    if (line.shared()) {
      node.put("shared", true);
    }
  }

  /**
   * @throws UnreadableEntryException when it is no entry, or one of a newer format
   */
  static LedgerEntry decode(byte[] payload) {
    return EntryParser.parse(payload);
  }

  private static void putIfPresent(ObjectNode node, String field, @Nullable Object value) {
    if (value != null) {
      node.put(field, value.toString());
    }
  }

  static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
