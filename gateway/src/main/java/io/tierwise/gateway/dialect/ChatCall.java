package io.tierwise.gateway.dialect;

import io.tierwise.router.request.InferenceRequest;

/**
 * A decoded chat completion.
 *
 * @param logprobs whether the caller wants the distribution
 * @param topLogprobs how many labels of it, most probable first; 0 for the answer's own alone
 */
public record ChatCall(
    InferenceRequest request, boolean logprobs, int topLogprobs, Delivery delivery) {}
