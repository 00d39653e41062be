package io.tierwise.gateway.dialect;

import io.tierwise.router.request.Tenant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All of a request that is not in its body.
 *
 * @param policy the {@code x-tierwise-policy} header; null when it is absent
 * @param cacheControl the {@code cache-control} header; null when it is absent
 */
public record Arrival(
    String requestId,
    Tenant tenant,
    Instant receivedAt,
    @Nullable String policy,
    @Nullable String cacheControl) {}
