package io.tierwise.gateway.store;

import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;

/**
 * A pinned input.
 *
 * @param tenant whose it is
 * @param answer the large model's when it was pinned
 */
public record Probe(Tenant tenant, Input input, Label answer) {}
