package io.tierwise.gateway.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one entry field by field, without a tree in between: reports fold ledgers of many millions.
 * Fields that are not known are passed over.
 */
final class EntryParser {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Map<String, LedgerEntry.Purpose> PURPOSES =
      byWord(LedgerEntry.Purpose.class);
  private static final Map<String, TierName> TIERS = byWord(TierName.class);
  private static final Map<String, Verdict> VERDICTS = byWord(Verdict.class);

  private final JsonParser json;
  private int format;
  private @Nullable String requestId;
  private @Nullable Instant at;
  private @Nullable String tenant;
  private @Nullable String task;
  private LedgerEntry.@Nullable Purpose purpose;
  private @Nullable TierName answeredBy;
  private @Nullable String refusal;
  private @Nullable String version;
  private @Nullable String certificate;
  private @Nullable List<LedgerEntry.Line> lines;
  private @Nullable Money cost;
  private @Nullable Money counterfactual;
  private @Nullable Boolean estimated;
  private @Nullable Integer bytes;
  private @Nullable Boolean audited;
  private @Nullable Boolean degraded;
  private @Nullable Duration latency;

  private EntryParser(JsonParser json) {
    this.json = json;
  }

  /**
   * @throws UnreadableEntryException when it is no entry, or one of a newer format
   */
  static LedgerEntry parse(byte[] payload) {
    try (JsonParser json = JSON.createParser(payload)) {
      return new EntryParser(json).entry();
    } catch (IOException | InvalidValueException | DateTimeException e) {
      throw new UnreadableEntryException("it is no ledger entry", e);
    } catch (IllegalArgumentException e) {
      throw lacking(e);
    }
  }

  private static UnreadableEntryException lacking(@Nullable Exception cause) {
    return new UnreadableEntryException("it lacks a field, or holds an unknown name", cause);
  }

  private LedgerEntry entry() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw lacking(null);
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      field(name);
    }
    if (format != EntryCodec.FORMAT) {
      throw lacking(null);
    }
    return new LedgerEntry(
        required(requestId),
        required(at),
        required(tenant),
        required(task),
        required(purpose),
        answeredBy,
        refusal,
        version,
        certificate,
        required(lines),
        required(cost),
        required(counterfactual),
        required(estimated),
        required(bytes),
        required(audited),
        required(degraded),
        required(latency));
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "format" -> format = format();
      case "requestId" -> requestId = text();
      case "at" -> at = EntryTime.parse(text());
      case "tenant" -> tenant = text();
      case "task" -> task = text();
      case "purpose" -> purpose = named(PURPOSES);
      case "answeredBy" -> answeredBy = named(TIERS);
      case "refusal" -> refusal = text();
      case "version" -> version = text();
      case "certificate" -> certificate = text();
      case "lines" -> lines = lines();
      case "cost" -> cost = Money.of(text());
      case "counterfactual" -> counterfactual = Money.of(text());
      case "counterfactualEstimated" -> estimated = json.getBooleanValue();
      case "bytes" -> bytes = json.getIntValue();
      case "audited" -> audited = json.getBooleanValue();
      case "degraded" -> degraded = json.getBooleanValue();
      case "latencyNanos" -> latency = nanos();
      default -> json.skipChildren();
    }
  }

  private int format() throws IOException {
    int found = json.getIntValue();
    if (found != EntryCodec.FORMAT) {
      throw new UnreadableEntryException(
          "its format is " + found + ", and this Tierwise knows " + EntryCodec.FORMAT, null);
    }
    return found;
  }

  private List<LedgerEntry.Line> lines() throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw lacking(null);
    }
    List<LedgerEntry.Line> read = new ArrayList<>(3);
    while (json.nextToken() == JsonToken.START_OBJECT) {
      read.add(new Line().read());
    }
    return read;
  }

  /** One attempt under way. */
  private final class Line {
    private @Nullable TierName tier;
    private @Nullable Verdict verdict;
    private @Nullable Double confidence;
    private @Nullable Integer requests;
    private @Nullable Long inputTokens;
    private @Nullable Long cachedInputTokens;
    private @Nullable Long outputTokens;
    private @Nullable Duration compute;
    private @Nullable Money charged;
    private @Nullable Duration took;
    private boolean tokensEstimated;
    private boolean shared;

    LedgerEntry.Line read() throws IOException {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        field(name);
      }
      return new LedgerEntry.Line(
          required(tier),
          required(verdict),
          confidence,
          new Usage(
              required(requests),
              required(inputTokens),
              required(cachedInputTokens),
              required(outputTokens),
              required(compute),
              tokensEstimated),
          required(charged),
          required(took),
          shared);
    }

    private void field(String name) throws IOException {
      switch (name) {
        case "tier" -> tier = named(TIERS);
        case "verdict" -> verdict = named(VERDICTS);
        case "confidence" -> confidence = json.getDoubleValue();
        case "requests" -> requests = json.getIntValue();
        case "inputTokens" -> inputTokens = json.getLongValue();
        case "cachedInputTokens" -> cachedInputTokens = json.getLongValue();
        case "outputTokens" -> outputTokens = json.getLongValue();
        case "computeNanos" -> compute = nanos();
        case "cost" -> charged = Money.of(text());
        case "latencyNanos" -> took = nanos();
        case "tokensEstimated" -> tokensEstimated = json.getBooleanValue();
        case "shared" -> shared = json.getBooleanValue();
        default -> json.skipChildren();
      }
    }
  }

  private String text() throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw lacking(null);
    }
    return json.getText();
  }

  private Duration nanos() throws IOException {
    return Duration.ofNanos(json.getLongValue());
  }

  private <T> T named(Map<String, T> names) throws IOException {
    return required(names.get(text()));
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw lacking(null);
    }
    return value;
  }

  private static <E extends Enum<E>> Map<String, E> byWord(Class<E> type) {
    Map<String, E> constants = new HashMap<>();
    EntryCodec.words(type).forEach((constant, word) -> constants.put(word, constant));
    return constants;
  }
}
