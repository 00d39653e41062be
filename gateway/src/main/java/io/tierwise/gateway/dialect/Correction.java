package io.tierwise.gateway.dialect;

import io.tierwise.router.request.Label;

/** What the answer to a request should have been, as a human says. */
public record Correction(String requestId, Label label) {}
