package io.tierwise.gateway.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's own contract for an artifact.
 *
 * @param certificate null where none was given
 * @param samples the tenant's own audits
 * @param needed fewer certify nothing
 * @param reason why there is none; empty where there is one
 */
public record Slice(
    String task,
    String artifact,
    String tenant,
    @Nullable String certificate,
    int samples,
    int needed,
    String reason,
    Instant at) {}
