package io.tierwise.router.tier;

import io.tierwise.router.request.InferenceRequest;

/**
 * One way to answer. A tier returns within the request's deadline and never throws for an expected
 * outcome: a miss, saturation, a timeout or an open breaker is an {@link Attempt}.
 */
@FunctionalInterface
public interface Tier {
  Attempt attempt(InferenceRequest request);

  /** Whether there is anything to ask now: a plan says nothing of a tier that is not there. */
  default boolean present() {
    return true;
  }
}
