package io.tierwise.gateway.store;

import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Instant;

/**
 * An input with the large model's answer to it.
 *
 * @param audited drawn for an audit: it calibrates and never trains
 */
public record CorpusRow(
    Tenant tenant,
    String task,
    Input input,
    Label label,
    Distribution distribution,
    boolean audited,
    Instant at) {}
