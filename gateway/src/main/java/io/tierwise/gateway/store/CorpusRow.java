package io.tierwise.gateway.store;

import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An input with the large model's answer to it.
 *
 * @param audited drawn for an audit: it calibrates and never trains
 * @param requestId as in the audit log; null in rows of a release before it was kept
 */
public record CorpusRow(
    Tenant tenant,
    String task,
    Input input,
    Label label,
    Distribution distribution,
    boolean audited,
    Instant at,
    @Nullable String requestId) {}
