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
    StoredFields all = new StoredFields("answer", fields);
    return new StoredAnswer(
        new Label(all.text("label")),
        StoredJson.distribution(all.text("distribution")),
        StoredJson.usage(all.text("usage")),
        all.text("version"));
  }
}
