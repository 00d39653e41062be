package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;

import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Cancellation;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All of a request that is not in its body.
 *
 * @param policy the {@code x-tierwise-policy} header; null when it is absent
 * @param cacheControl the {@code cache-control} header; null when it is absent
 * @param timeout how long the caller waits, as it says; null when it does not
 * @param cancellation called off when the caller goes away
 */
public record Arrival(
    String requestId,
    Tenant tenant,
    Instant receivedAt,
    @Nullable String policy,
    @Nullable String cacheControl,
    @Nullable CallerTimeout timeout,
    Cancellation cancellation) {
  /**
   * The context of the request under this id.
   *
   * @param temperature above 0, the answer is neither kept nor taken from what was kept
   * @throws DialectException 400 when the policy or the timeout is none
   */
  RequestContext context(String id, ServedTask served, double temperature) {
    return context(id, served.patience(), temperature);
  }

  /**
   * The same for what has a patience of its own: the gateway waits no longer, however long the
   * caller would.
   *
   * @throws DialectException 400 when the policy or the timeout is none
   */
  public RequestContext context(String id, Duration patience, double temperature) {
    return new RequestContext(
        id,
        tenant,
        routingPolicy(),
        cacheUse(temperature),
        receivedAt,
        receivedAt.plus(timeout == null ? patience : timeout.orAtMost(patience)),
        cancellation);
  }

  private RoutingPolicy routingPolicy() {
    if (policy == null) {
      return RoutingPolicy.DEFAULT;
    }
    return switch (policy.strip()) {
      case "default" -> RoutingPolicy.DEFAULT;
      case "large-only" -> RoutingPolicy.LARGE_ONLY;
      case "cheap-only" -> RoutingPolicy.CHEAP_ONLY;
      default ->
          throw badRequest(
              TierwiseHeaders.POLICY,
              "The header '"
                  + TierwiseHeaders.POLICY
                  + "' must be default, large-only or cheap-only.",
              "invalid_value");
    };
  }

  private CacheUse cacheUse(double temperature) {
    if (temperature > 0) {
      return new CacheUse(false, false);
    }
    if (cacheControl == null) {
      return CacheUse.ALLOWED;
    }
    Set<String> directives =
        Stream.of(cacheControl.split(",", -1))
            .map(directive -> directive.strip().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return new CacheUse(!directives.contains("no-cache"), !directives.contains("no-store"));
  }
}
