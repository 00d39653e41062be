package io.tierwise.gateway.store;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request that the coin put before people.
 *
 * @param given the answer that its caller got
 * @param label what people say; null while nobody has
 */
public record Review(
    String requestId,
    Tenant tenant,
    String text,
    Label given,
    @Nullable Label label,
    Instant drawnAt) {}
