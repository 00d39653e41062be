package io.tierwise.gateway.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A ledger entry as JSON, exact: money as decimal strings with all digits, durations in
 * nanoseconds, times in ISO-8601, confidences as the shortest decimal that gives the same double.
 * What is null is left out, and so are {@code shared} and {@code tokensEstimated} where false.
 */
final class EntryCodec {
  private static final int FORMAT = 1;
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
    try {
      JsonNode node = JSON.readTree(payload);
      int format = node.required("format").intValue();
      if (format != FORMAT) {
        throw new UnreadableEntryException(
            "its format is " + format + ", and this Tierwise knows " + FORMAT, null);
      }
      return entry(node);
    } catch (JsonProcessingException | InvalidValueException | DateTimeException e) {
      throw new UnreadableEntryException("it is no ledger entry", e);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory are always readable", e);
    } catch (IllegalArgumentException e) {
      throw new UnreadableEntryException("it lacks a field, or holds an unknown name", e);
    }
  }

  private static LedgerEntry entry(JsonNode node) {
    List<LedgerEntry.Line> lines = new ArrayList<>();
    node.required("lines").forEach(line -> lines.add(line(line)));
    String answeredBy = optional(node, "answeredBy");
    return new LedgerEntry(
        text(node, "requestId"),
        Instant.parse(text(node, "at")),
        text(node, "tenant"),
        text(node, "task"),
        LedgerEntry.Purpose.valueOf(constant(text(node, "purpose"))),
        answeredBy == null ? null : TierName.valueOf(constant(answeredBy)),
        optional(node, "refusal"),
        optional(node, "version"),
        optional(node, "certificate"),
        lines,
        Money.of(text(node, "cost")),
        Money.of(text(node, "counterfactual")),
        node.required("counterfactualEstimated").booleanValue(),
        node.required("bytes").intValue(),
        node.required("audited").booleanValue(),
        node.required("degraded").booleanValue(),
        nanos(node, "latencyNanos"));
  }

  private static LedgerEntry.Line line(JsonNode node) {
    JsonNode confidence = node.get("confidence");
    return new LedgerEntry.Line(
        TierName.valueOf(constant(text(node, "tier"))),
        Verdict.valueOf(constant(text(node, "verdict"))),
        confidence == null ? null : confidence.doubleValue(),
        new Usage(
            node.required("requests").intValue(),
            node.required("inputTokens").longValue(),
            node.required("cachedInputTokens").longValue(),
            node.required("outputTokens").longValue(),
            nanos(node, "computeNanos"),
            node.path("tokensEstimated").booleanValue()),
        Money.of(text(node, "cost")),
        nanos(node, "latencyNanos"),
        node.path("shared").booleanValue());
  }

  private static void putIfPresent(ObjectNode node, String field, @Nullable Object value) {
    if (value != null) {
      node.put(field, value.toString());
    }
  }

  private static String text(JsonNode node, String field) {
    return Objects.requireNonNullElse(node.required(field).textValue(), "");
  }

  private static @Nullable String optional(JsonNode node, String field) {
    JsonNode value = node.get(field);
    return value == null ? null : value.textValue();
  }

  private static Duration nanos(JsonNode node, String field) {
    return Duration.ofNanos(node.required(field).longValue());
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String constant(String written) {
    return written.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
