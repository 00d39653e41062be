package io.tierwise.gateway.store;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Instant;

/**
 * A human's correction.
 *
 * @param tenant who sent it; it says something about this tenant's request of that id only
 * @param label what the answer should have been
 */
public record FeedbackRow(Tenant tenant, String requestId, Label label, Instant at) {}
