package io.tierwise.gateway.tier;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.io.IOException;
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
 * @param destinations the addresses that its host may have
 */
public record Endpoint(
    String name,
    URI base,
    String model,
    String version,
    @Nullable String apiKey,
    Duration timeout,
    int maximumConcurrent,
    int retries,
    Destinations destinations) {
  /** With the usual destinations. */
  public Endpoint(
      String name,
      URI base,
      String model,
      String version,
      @Nullable String apiKey,
      Duration timeout,
      int maximumConcurrent,
      int retries) {
    this(
        name,
        base,
        model,
        version,
        apiKey,
        timeout,
        maximumConcurrent,
        retries,
        Destinations.USUAL);
  }

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

  /** The path, below {@link #base}, by which a wire asks. */
  String path(Wire wire) {
    String path = base.getPath();
    return wire.path(path == null || path.isEmpty() || path.equals("/"));
  }

  /**
   * The address calls go to.
   *
   * @param path of a wire
   */
  public URI target(String path) {
    String address = base.toString();
    String trimmed = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    return URI.create(trimmed + path);
  }

  /**
   * Looks what its host's name means now; to be asked before every connection.
   *
   * @throws IOException where it means nothing, or an address that calls may not go to
   */
  public void requireAllowed() throws IOException {
    destinations.resolve(base.getHost());
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
