package io.tierwise.bench.capacity;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import java.time.Duration;

/**
 * What the endpoint is to keep to: this share of calls is answered within this time.
 *
 * @param concurrency calls that one instance works at side by side
 * @param window how fast instances are added and removed, at best
 */
public record Target(Duration latency, double share, int concurrency, Duration window) {
  public Target {
    Requirement.openUnit("quantile", share);
    Requirement.positive("concurrency", concurrency);
    if (!latency.isPositive() || !window.isPositive()) {
      throw new InvalidValueException(
          "latency", latency + " in windows of " + window, "give times above 0");
    }
  }
}
