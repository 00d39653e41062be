package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An input with the large model's answer to it.
 *
 * @param audited drawn for an audit: it calibrates and never trains
 * @param requestId as in the audit log; null in rows of a release before it was kept
 */
public record CorpusRow(
    Tenant tenant,
    String task,
    Input input,
    Label label,
    Distribution distribution,
    boolean audited,
    Instant at,
    @Nullable String requestId) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What has to be kept from others: the input with its answer. */
  public static byte[] content(Input input, Label label, Distribution distribution) {
    ObjectNode node = JSON.createObjectNode();
    switch (input) {
      case Input.Text text -> node.put("text", text.value());
      case Input.Features features -> {
        ArrayNode values = node.putArray("features");
        for (float value : features.toArray()) {
          values.add(value);
        }
      }
    }
    node.put("label", label.value());
    node.put("distribution", StoredJson.distribution(distribution));
    return node.toString().getBytes(UTF_8);
  }

  /** The row of such a {@link #content}. */
  public static CorpusRow of(
      Tenant tenant,
      String task,
      boolean audited,
      Instant at,
      @Nullable String requestId,
      byte[] content) {
    JsonNode node = parse(content);
    return new CorpusRow(
        tenant,
        task,
        input(node),
        new Label(node.required("label").textValue()),
        StoredJson.distribution(node.required("distribution").textValue()),
        audited,
        at,
        requestId);
  }

  private static Input input(JsonNode node) {
    if (!node.has("features")) {
      return new Input.Text(node.required("text").textValue());
    }
    JsonNode values = node.get("features");
    float[] features = new float[values.size()];
    for (int i = 0; i < features.length; i++) {
      features[i] = values.get(i).floatValue();
    }
    return new Input.Features(features);
  }

  private static JsonNode parse(byte[] content) {
    try {
      return JSON.readTree(new String(content, UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a row of the corpus holds no JSON", e);
    }
  }
}
