package io.tierwise.gateway.store;

import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import java.util.Map;

/**
 * A large model's answer, kept for exact repeats.
 *
 * @param largeUsage what the large model used for it
 * @param version the endpoint that gave it
 */
public record StoredAnswer(
    Label label, Distribution distribution, Usage largeUsage, String version) {
  /** What a store outside keeps, field by field. */
  public Map<String, String> fields() {
    return Map.of(
        "label",
        label.value(),
        "distribution",
        StoredJson.distribution(distribution),
        "usage",
        StoredJson.usage(largeUsage),
        "version",
        version);
  }

  /** What such {@link #fields} say. */
  public static StoredAnswer of(Map<String, String> fields) {
    return new StoredAnswer(
        new Label(field(fields, "label")),
        StoredJson.distribution(field(fields, "distribution")),
        StoredJson.usage(field(fields, "usage")),
        field(fields, "version"));
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.get(name);
    if (value == null) {
      throw new IllegalStateException("a stored answer lacks its " + name);
    }
    return value;
  }
}
