package io.tierwise.gateway.store;

import io.tierwise.router.request.Tenant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key.
 *
 * @param note what it is for, in its owner's words
 * @param revokedAt null while it is good
 * @param admin whether it reaches every tenant's cached answers
 */
public record KeyRow(
    String id,
    Tenant tenant,
    String note,
    Instant createdAt,
    @Nullable Instant revokedAt,
    boolean admin) {}
