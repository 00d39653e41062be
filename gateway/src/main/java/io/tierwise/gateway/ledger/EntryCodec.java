package io.tierwise.gateway.ledger;

import io.tierwise.gateway.json.JsonWriter;
import io.tierwise.gateway.json.JsonWriter.Name;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.ledger.LedgerEntry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

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

  private static final Name FORMAT_FIELD = Name.of("format");
  private static final Name REQUEST_ID = Name.of("requestId");
  private static final Name AT = Name.of("at");
  private static final Name TENANT = Name.of("tenant");
  private static final Name TASK = Name.of("task");
  private static final Name PURPOSE = Name.of("purpose");
  private static final Name ANSWERED_BY = Name.of("answeredBy");
  private static final Name REFUSAL = Name.of("refusal");
  private static final Name VERSION = Name.of("version");
  private static final Name CERTIFICATE = Name.of("certificate");
  private static final Name LINES = Name.of("lines");
  private static final Name COST = Name.of("cost");
  private static final Name COUNTERFACTUAL = Name.of("counterfactual");
  private static final Name COUNTERFACTUAL_ESTIMATED = Name.of("counterfactualEstimated");
  private static final Name BYTES = Name.of("bytes");
  private static final Name AUDITED = Name.of("audited");
  private static final Name DEGRADED = Name.of("degraded");
  private static final Name LATENCY_NANOS = Name.of("latencyNanos");
  private static final Name TIER = Name.of("tier");
  private static final Name VERDICT = Name.of("verdict");
  private static final Name CONFIDENCE = Name.of("confidence");
  private static final Name REQUESTS = Name.of("requests");
  private static final Name INPUT_TOKENS = Name.of("inputTokens");
  private static final Name CACHED_INPUT_TOKENS = Name.of("cachedInputTokens");
  private static final Name OUTPUT_TOKENS = Name.of("outputTokens");
  private static final Name COMPUTE_NANOS = Name.of("computeNanos");
  private static final Name TOKENS_ESTIMATED = Name.of("tokensEstimated");
  private static final Name SHARED = Name.of("shared");

  private EntryCodec() {}

  static byte[] encode(LedgerEntry entry) {
    JsonWriter json =
        new JsonWriter(USUAL_BYTES)
            .beginObject()
            .field(FORMAT_FIELD, FORMAT)
            .field(REQUEST_ID, entry.requestId())
            .field(AT, EntryTime.text(entry.at()))
            .field(TENANT, entry.tenant())
            .field(TASK, entry.task())
            .field(PURPOSE, word(PURPOSES, entry.purpose()))
            .fieldIfPresent(ANSWERED_BY, entry.answeredBy())
            .fieldIfPresent(REFUSAL, entry.refusal())
            .fieldIfPresent(VERSION, entry.version())
            .fieldIfPresent(CERTIFICATE, entry.certificate())
            .name(LINES)
            .beginArray();
    for (LedgerEntry.Line line : entry.lines()) {
      write(json, line);
    }
    return json.endArray()
        .field(COST, entry.cost().toString())
        .field(COUNTERFACTUAL, entry.counterfactual().toString())
        .field(COUNTERFACTUAL_ESTIMATED, entry.counterfactualEstimated())
        .field(BYTES, entry.bytes())
        .field(AUDITED, entry.audited())
        .field(DEGRADED, entry.degraded())
        .field(LATENCY_NANOS, entry.latency().toNanos())
        .endObject()
        .toBytes();
  }

  private static void write(JsonWriter json, LedgerEntry.Line line) {
    json.beginObject()
        .field(TIER, line.tier().text())
        .field(VERDICT, word(VERDICTS, line.verdict()));
    Double confidence = line.confidence();
    if (confidence != null) {
      json.field(CONFIDENCE, confidence.doubleValue());
    }
    json.field(REQUESTS, line.usage().requests())
        .field(INPUT_TOKENS, line.usage().inputTokens())
        .field(CACHED_INPUT_TOKENS, line.usage().cachedInputTokens())
        .field(OUTPUT_TOKENS, line.usage().outputTokens())
        .field(COMPUTE_NANOS, line.usage().compute().toNanos())
        .field(COST, line.cost().toString())
        .field(LATENCY_NANOS, line.latency().toNanos());
    if (line.usage().estimated()) {
      json.field(TOKENS_ESTIMATED, true);
    }
    if (line.shared()) {
      json.field(SHARED, true);
    }
    json.endObject();
  }

  /**
   * @throws UnreadableEntryException when it is no entry, or one of a newer format
   */
  static LedgerEntry decode(byte[] payload) {
    return EntryParser.parse(payload);
  }

  private static <E extends Enum<E>> String word(Map<E, String> words, E constant) {
    return Objects.requireNonNull(words.get(constant));
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
