package io.tierwise.router.request;

import io.tierwise.router.Requirement;
import java.time.Instant;

/**
 * All of a request but its question.
 *
 * @param id unique per request; what the caller quotes later
 * @param receivedAt when the first byte arrived
 * @param deadline when the caller stops waiting
 */
public record RequestContext(
    String id,
    Tenant tenant,
    RoutingPolicy policy,
    CacheUse cache,
    Instant receivedAt,
    Instant deadline) {
  public RequestContext {
    Requirement.identifier("request id", id);
  }
}
