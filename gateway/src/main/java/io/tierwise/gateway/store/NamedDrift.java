package io.tierwise.gateway.store;

import io.tierwise.router.drift.DriftKind;
import java.time.Instant;

/**
 * A drift that was heard.
 *
 * @param detail what was seen, for people
 */
public record NamedDrift(String task, DriftKind kind, String detail, Instant at) {}
