package io.tierwise.gateway.tier;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a large model is asked.
 *
 * @param name the upstream's name in the configuration, for metrics
 * @param base a host, or a host with the path that its interface is under: {@code https://host/v1}
 * @param model as the endpoint calls it
 * @param version of the endpoint; a new one starts new cache entries
 * @param apiKey sent as a bearer token; null for none
 * @param timeout of one call
 * @param maximumConcurrent calls under way at once
 * @param retries at most, after the first call
 */
public record Endpoint(
    String name,
    URI base,
    String model,
    String version,
    @Nullable String apiKey,
    Duration timeout,
    int maximumConcurrent,
    int retries) {
  public Endpoint {
    Requirement.identifier("upstream", name);
    Requirement.positive("maxConcurrent", maximumConcurrent);
    Requirement.notNegative("retries", retries);
    String scheme = base.getScheme();
    boolean http =
        scheme != null
            && (scheme.toLowerCase(Locale.ROOT).equals("http")
                || scheme.toLowerCase(Locale.ROOT).equals("https"));
    if (!http || base.getHost() == null) {
      throw new InvalidValueException(
          "url", "'" + base + "' is no web address", "give one such as https://host/v1");
    }
    if (apiKey != null && !apiKey.chars().allMatch(each -> each > ' ' && each < 127)) {
      throw new InvalidValueException(
          "apiKeyFrom", "the key holds characters that no header may", "check the variable");
    }
  }

  /** The address calls go to. */
  URI target(Wire wire) {
    String address = base.toString();
    String trimmed = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    String path = base.getPath();
    boolean bare = path == null || path.isEmpty() || path.equals("/");
    return URI.create(trimmed + wire.path(bare));
  }

  /** What made an answer, in ledger, headers and reports: the model and its version. */
  public String fullVersion() {
    return version.isBlank() || version.equals(model) ? model : model + "@" + version;
  }

  /** Without the key. */
  @Override
  public String toString() {
    return name + " (" + base + ", " + fullVersion() + ")";
  }
}
