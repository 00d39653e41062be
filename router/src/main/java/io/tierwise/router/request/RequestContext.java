package io.tierwise.router.request;

import io.tierwise.router.Requirement;
import java.time.Instant;

/**
 * All of a request but its question.
 *
 * @param id unique per request; what the caller quotes later
 * @param receivedAt when the first byte arrived
 * @param deadline when the caller stops waiting
 * @param cancellation whether the caller still waits before that
 */
public record RequestContext(
    String id,
    Tenant tenant,
    RoutingPolicy policy,
    CacheUse cache,
    Instant receivedAt,
    Instant deadline,
    Cancellation cancellation) {
  public RequestContext {
    Requirement.identifier("request id", id);
  }

  /** Of a caller that waits until the deadline. */
  public RequestContext(
      String id,
      Tenant tenant,
      RoutingPolicy policy,
      CacheUse cache,
      Instant receivedAt,
      Instant deadline) {
    this(id, tenant, policy, cache, receivedAt, deadline, Cancellation.NEVER);
  }
}
