package io.tierwise.gateway;

import io.micrometer.core.instrument.Tags;
import io.tierwise.gateway.chat.ChatUpstream;
import io.tierwise.gateway.config.TierwiseConfig.LargeConfig;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.tier.Destinations;
import io.tierwise.gateway.tier.Endpoint;
import io.tierwise.gateway.tier.InvocationsWire;
import io.tierwise.gateway.tier.LargeClient;
import io.tierwise.gateway.tier.LargeTier;
import io.tierwise.gateway.tier.OpenAiWire;
import io.tierwise.gateway.tier.RequestSigner;
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
  private final Metrics metrics;
  private final RequestSigner signer;
  private final Destinations destinations;

  private record Guarded(Upstream upstream, LargeClient client, Resilience resilience) {}

  /**
   * @param environment where endpoints' keys are read from
   */
  Upstreams(
      Map<String, Upstream> upstreams,
      UnaryOperator<@Nullable String> environment,
      Surroundings surroundings,
      Metrics metrics,
      RequestSigner signer,
      Destinations destinations) {
    this(surroundings, metrics, signer, destinations);
    upstreams.forEach((name, upstream) -> add(name, upstream, environment));
  }

  private Upstreams(
      Surroundings surroundings, Metrics metrics, RequestSigner signer, Destinations destinations) {
    this.destinations = destinations;
    this.signer = signer;
    this.surroundings = surroundings;
    this.metrics = metrics;
  }

  /**
   * Others, with those that are configured as before shared, their breakers' state included.
   *
   * @throws InvalidValueException when the key of one is missing; then none was opened
   */
  Upstreams changedTo(
      Map<String, Upstream> upstreams, UnaryOperator<@Nullable String> environment) {
    Upstreams next = new Upstreams(surroundings, metrics, signer, destinations);
    // All keys before anything is opened or shown.
    upstreams.forEach((name, upstream) -> apiKey(name, upstream.apiKeyFrom(), environment));
    upstreams.forEach((name, upstream) -> {
      Guarded same = byName.get(name);
      if (same != null && same.upstream().equals(upstream)) {
        next.byName.put(name, same);
      } else {
        next.add(name, upstream, environment);
      }
    });
    return next;
  }

  private void add(String name, Upstream upstream, UnaryOperator<@Nullable String> environment) {
    Endpoint endpoint = endpoint(name, upstream, environment);
    Resilience resilience = new Resilience(endpoint, surroundings);
    LargeClient client = new LargeClient(endpoint, surroundings, signer);
    byName.put(name, new Guarded(upstream, client, resilience));
    metrics.state(
        "tierwise.breaker.state",
        "The state of the circuit breaker before an upstream",
        Tags.of("upstream", name),
        BREAKER_STATES,
        resilience::breakerState);
  }

  /** A task's large tier; it shares its endpoint's guards with the other tasks. */
  LargeTier tier(LargeConfig large, Tariff tariff) {
    Guarded guarded = guarded(large.upstream());
    boolean tokensPriced = tariff instanceof Tariff.PerToken;
    return new LargeTier(
        guarded.client(), guarded.resilience(), wire(large), tokensPriced, surroundings);
  }

  /** An endpoint that chats are passed to; it shares its guards with the tasks. */
  ChatUpstream chat(String name, Tariff tariff) {
    Guarded guarded = guarded(name);
    return ChatUpstream.of(
        guarded.upstream().protocol(),
        guarded.client().endpoint(),
        guarded.resilience(),
        tariff,
        signer,
        surroundings.clock());
  }

  /** How a task asks its endpoint. */
  Wire wire(LargeConfig large) {
    return switch (guarded(large.upstream()).upstream().protocol()) {
      case OPENAI -> new OpenAiWire(large.prompt());
      case INVOCATIONS -> new InvocationsWire();
      case ANTHROPIC, BEDROCK ->
          throw new InvalidValueException(
              "upstream", "it speaks a protocol that only chats do", "use another for tasks");
    };
  }

  /** The state of each one's circuit breaker, by name. */
  Map<String, String> breakers() {
    Map<String, String> states = new LinkedHashMap<>();
    byName.forEach((name, guarded) -> states.put(name, guarded.resilience().breakerState()));
    return states;
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

  private Endpoint endpoint(
      String name, Upstream upstream, UnaryOperator<@Nullable String> environment) {
    return new Endpoint(
        name,
        URI.create(upstream.url()),
        upstream.model(),
        upstream.version(),
        apiKey(name, upstream.apiKeyFrom(), environment),
        upstream.timeout(),
        upstream.maxConcurrent(),
        upstream.retries(),
        destinations);
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

  /** Closes those that the others do not share. */
  void closeAllBut(Upstreams others) {
    byName.forEach((name, guarded) -> {
      if (!guarded.equals(others.byName.get(name))) {
        guarded.client().close();
      }
    });
  }

  @Override
  public void close() {
    byName.values().forEach(guarded -> guarded.client().close());
  }
}
