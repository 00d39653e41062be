package io.tierwise.gateway.store;

import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;

/**
 * A large model's answer, kept for exact repeats.
 *
 * @param largeUsage what the large model used for it
 * @param version the endpoint that gave it
 */
public record StoredAnswer(
    Label label, Distribution distribution, Usage largeUsage, String version) {}
