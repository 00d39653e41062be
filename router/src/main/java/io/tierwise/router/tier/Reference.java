package io.tierwise.router.tier;

import io.tierwise.router.request.InferenceRequest;

/**
 * The large model's answer to a request.
 *
 * @param proposal the answer, with its usage and the endpoint's version
 * @param audited whether the request was drawn for an audit: then it calibrates and never trains
 */
public record Reference(InferenceRequest request, Attempt.Proposed proposal, boolean audited) {}
