package io.tierwise.gateway.store;

import io.tierwise.router.contract.Gate;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task's gate as it was last moved.
 *
 * @param artifact the artifact that the gate's thresholds belong to; null when there is none
 * @param since when it was moved here; for a task never moved, now
 */
public record GateState(
    String task, Gate gate, @Nullable String artifact, Instant since, String reason) {}
