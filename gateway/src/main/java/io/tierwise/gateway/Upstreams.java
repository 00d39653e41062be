package io.tierwise.gateway;

import io.micrometer.core.instrument.Tags;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.tier.Endpoint;
import io.tierwise.gateway.tier.InvocationsWire;
import io.tierwise.gateway.tier.LargeClient;
import io.tierwise.gateway.tier.LargeTier;
import io.tierwise.gateway.tier.OpenAiWire;
import io.tierwise.gateway.tier.Resilience;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.gateway.tier.Wire;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Tariff;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The configured endpoints, each with its connections and guards, shared by all tasks. */
final class Upstreams implements AutoCloseable {
  private static final List<String> BREAKER_STATES = List.of("closed", "open", "half_open");

  private final Map<String, Guarded> byName = new LinkedHashMap<>();
  private final Surroundings surroundings;

  private record Guarded(LargeClient client, Resilience resilience) {}

  /**
   * @param environment where endpoints' keys are read from
   */
  Upstreams(
      Map<String, Upstream> upstreams,
      UnaryOperator<@Nullable String> environment,
      Surroundings surroundings,
      Metrics metrics) {
    this.surroundings = surroundings;
    upstreams.forEach((name, upstream) -> {
      Endpoint endpoint = endpoint(name, upstream, environment);
      Resilience resilience = new Resilience(endpoint, surroundings);
      byName.put(name, new Guarded(new LargeClient(endpoint, surroundings), resilience));
      metrics.state(
          "tierwise.breaker.state",
          "The state of the circuit breaker before an upstream",
          Tags.of("upstream", name),
          BREAKER_STATES,
          resilience::breakerState);
    });
  }

  LargeTier tier(String name, Tariff tariff) {
    Guarded guarded = guarded(name);
    boolean tokensPriced = tariff instanceof Tariff.PerToken;
    return new LargeTier(guarded.client(), guarded.resilience(), tokensPriced, surroundings);
  }

  Endpoint endpoint(String name) {
    return guarded(name).client().endpoint();
  }

  private Guarded guarded(String name) {
    Guarded guarded = byName.get(name);
    if (guarded == null) {
      throw new InvalidValueException(
          "upstream", "there is no upstream '" + name + "'", "use one of " + byName.keySet());
    }
    return guarded;
  }

  private static Endpoint endpoint(
      String name, Upstream upstream, UnaryOperator<@Nullable String> environment) {
    Wire wire =
        switch (upstream.protocol()) {
          case OPENAI -> new OpenAiWire();
          case INVOCATIONS -> new InvocationsWire();
        };
    return new Endpoint(
        name,
        URI.create(upstream.url()),
        wire,
        upstream.model(),
        upstream.version(),
        apiKey(name, upstream.apiKeyFrom(), environment),
        upstream.timeout(),
        upstream.maxConcurrent(),
        upstream.retries());
  }

  private static @Nullable String apiKey(
      String name, @Nullable String variable, UnaryOperator<@Nullable String> environment) {
    if (variable == null) {
      return null;
    }
    String key = environment.apply(variable);
    if (key == null || key.isBlank()) {
      throw new InvalidValueException(
          "upstreams." + name + ".apiKeyFrom",
          "the environment variable " + variable + " is not set",
          "set it to the endpoint's key, or leave apiKeyFrom out");
    }
    return key.strip();
  }

  @Override
  public void close() {
    byName.values().forEach(guarded -> guarded.client().close());
  }
}
