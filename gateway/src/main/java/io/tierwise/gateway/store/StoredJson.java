package io.tierwise.gateway.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The values that a column holds as JSON. Doubles keep every bit; equal values give equal text. */
final class StoredJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private StoredJson() {}

  static String distribution(Distribution distribution) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode labels = node.putArray("labels");
    distribution.labels().forEach(label -> labels.add(label.value()));
    ArrayNode probabilities = node.putArray("probabilities");
    for (double probability : distribution.toArray()) {
      probabilities.add(probability);
    }
    return node.toString();
  }

  static Distribution distribution(String text) {
    JsonNode node = parse(text);
    List<Label> labels = new ArrayList<>();
    node.required("labels").forEach(label -> labels.add(new Label(label.textValue())));
    JsonNode probabilities = node.required("probabilities");
    double[] values = new double[probabilities.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = probabilities.required(i).doubleValue();
    }
    return Distribution.of(labels, values);
  }

  static String usage(Usage usage) {
    return JSON.createObjectNode()
        .put("requests", usage.requests())
        .put("inputTokens", usage.inputTokens())
        .put("cachedInputTokens", usage.cachedInputTokens())
        .put("outputTokens", usage.outputTokens())
        .put("computeNanos", usage.compute().toNanos())
        .put("estimated", usage.estimated())
        .toString();
  }

  static Usage usage(String text) {
    JsonNode node = parse(text);
    return new Usage(
        node.required("requests").intValue(),
        node.required("inputTokens").longValue(),
        node.required("cachedInputTokens").longValue(),
        node.required("outputTokens").longValue(),
        Duration.ofNanos(node.required("computeNanos").longValue()),
        node.path("estimated").booleanValue());
  }

  static String thresholds(Thresholds thresholds) {
    ObjectNode node = JSON.createObjectNode();
    new TreeMap<>(thresholds.byTier())
        .forEach((tier, threshold) -> node.put(tier.text(), threshold.value()));
    return node.toString();
  }

  static Thresholds thresholds(String text) {
    Map<TierName, Confidence> byTier = new EnumMap<>(TierName.class);
    parse(text)
        .properties()
        .forEach(field ->
            byTier.put(tier(field.getKey()), new Confidence(field.getValue().doubleValue())));
    return new Thresholds(byTier);
  }

  static String proposals(Map<TierName, AuditSample.Scored> proposals) {
    ObjectNode node = JSON.createObjectNode();
    new TreeMap<>(proposals)
        .forEach((tier, scored) ->
            node.putObject(tier.text())
                .put("confidence", scored.confidence().value())
                .put("agrees", scored.agrees()));
    return node.toString();
  }

  static Map<TierName, AuditSample.Scored> proposals(String text) {
    Map<TierName, AuditSample.Scored> proposals = new EnumMap<>(TierName.class);
    for (Map.Entry<String, JsonNode> field : parse(text).properties()) {
      Confidence confidence = new Confidence(field.getValue().required("confidence").doubleValue());
      boolean agrees = field.getValue().required("agrees").booleanValue();
      proposals.put(tier(field.getKey()), new AuditSample.Scored(confidence, agrees));
    }
    return proposals;
  }

  static String verdicts(Map<TierName, Verdict> verdicts) {
    ObjectNode node = JSON.createObjectNode();
    new TreeMap<>(verdicts).forEach((tier, verdict) -> node.put(tier.text(), text(verdict)));
    return node.toString();
  }

  static Map<TierName, Verdict> verdicts(String text) {
    Map<TierName, Verdict> verdicts = new EnumMap<>(TierName.class);
    for (Map.Entry<String, JsonNode> field : parse(text).properties()) {
      String name = field.getValue().textValue().toUpperCase(Locale.ROOT).replace('-', '_');
      verdicts.put(tier(field.getKey()), Verdict.valueOf(name));
    }
    return verdicts;
  }

  private static String text(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static TierName tier(String text) {
    return TierName.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a column of the store holds no JSON: " + text, e);
    }
  }
}
