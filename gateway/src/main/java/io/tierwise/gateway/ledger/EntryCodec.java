package io.tierwise.gateway.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A ledger entry as JSON, exact: money as decimal strings with all digits, durations in
 * nanoseconds, times in ISO-8601, confidences as the shortest decimal that gives the same double.
 * What is null is left out, and so are {@code shared} and {@code tokensEstimated} where false.
 */
final class EntryCodec {
  static final int FORMAT = 1;
  private static final int USUAL_BYTES = 1024;
  private static final Map<LedgerEntry.Purpose, String> PURPOSES = words(LedgerEntry.Purpose.class);
  private static final Map<Verdict, String> VERDICTS = words(Verdict.class);

  /** Its buffers are shared by all threads: a virtual one would keep its own for one connection. */
  private static final JsonFactory JSON =
      JsonFactory.builder().recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool()).build();

  private EntryCodec() {}

  /** Written field by field: a tree of nodes for each entry was a tenth of a cached answer. */
  static byte[] encode(LedgerEntry entry) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(USUAL_BYTES);
        JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      json.writeStringField("requestId", entry.requestId());
      json.writeStringField("at", EntryTime.text(entry.at()));
      json.writeStringField("tenant", entry.tenant());
      json.writeStringField("task", entry.task());
      json.writeStringField("purpose", PURPOSES.get(entry.purpose()));
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
    json.writeStringField("verdict", VERDICTS.get(line.verdict()));
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
    return EntryParser.parse(payload);
  }

  private static void writeIfPresent(JsonGenerator json, String field, @Nullable Object value)
      throws IOException {
    if (value != null) {
      json.writeStringField(field, value.toString());
    }
  }

  /** The constants of an enumeration as they are written. */
  static <E extends Enum<E>> Map<E, String> words(Class<E> type) {
    Map<E, String> words = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      words.put(constant, constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return words;
  }
}
