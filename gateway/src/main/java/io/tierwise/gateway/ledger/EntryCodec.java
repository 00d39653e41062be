package io.tierwise.gateway.ledger;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
  private static final int USUAL_BYTES = 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private EntryCodec() {}

  /** Written field by field: a tree of nodes for each entry was a tenth of a cached answer. */
  static byte[] encode(LedgerEntry entry) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(USUAL_BYTES);
        JsonGenerator json = JSON.getFactory().createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      json.writeStringField("requestId", entry.requestId());
      json.writeStringField("at", entry.at().toString());
      json.writeStringField("tenant", entry.tenant());
      json.writeStringField("task", entry.task());
      json.writeStringField("purpose", written(entry.purpose()));
      writeIfPresent(json, "answeredBy", entry.answeredBy());
      writeIfPresent(json, "refusal", entry.refusal());
      writeIfPresent(json, "version", entry.version());
      writeIfPresent(json, "certificate", entry.certificate());
      json.writeArrayFieldStart("lines");
      for (LedgerEntry.Line line : entry.lines()) {
        write(json, line);
      }
      json.writeEndArray();
      json.writeStringField("cost", entry.cost().toString());
      json.writeStringField("counterfactual", entry.counterfactual().toString());
      json.writeBooleanField("counterfactualEstimated", entry.counterfactualEstimated());
      json.writeNumberField("bytes", entry.bytes());
      json.writeBooleanField("audited", entry.audited());
      json.writeBooleanField("degraded", entry.degraded());
      json.writeNumberField("latencyNanos", entry.latency().toNanos());
      json.writeEndObject();
      json.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory are always writable", e);
    }
  }

  private static void write(JsonGenerator json, LedgerEntry.Line line) throws IOException {
    json.writeStartObject();
    json.writeStringField("tier", line.tier().text());
    json.writeStringField("verdict", written(line.verdict()));
    Double confidence = line.confidence();
    if (confidence != null) {
      json.writeNumberField("confidence", confidence);
    }
    json.writeNumberField("requests", line.usage().requests());
    json.writeNumberField("inputTokens", line.usage().inputTokens());
    json.writeNumberField("cachedInputTokens", line.usage().cachedInputTokens());
    json.writeNumberField("outputTokens", line.usage().outputTokens());
    json.writeNumberField("computeNanos", line.usage().compute().toNanos());
    json.writeStringField("cost", line.cost().toString());
    json.writeNumberField("latencyNanos", line.latency().toNanos());
    if (line.usage().estimated()) {
      json.writeBooleanField("tokensEstimated", true);
    }
    if (line.shared()) {
      json.writeBooleanField("shared", true);
    }
    json.writeEndObject();
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

  private static void writeIfPresent(JsonGenerator json, String field, @Nullable Object value)
      throws IOException {
    if (value != null) {
      json.writeStringField(field, value.toString());
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
