package io.tierwise.student.model;

import io.tierwise.router.tier.Attempt;

/** A student that is elsewhere could not answer. */
public final class PredictorException extends RuntimeException {
  private final Attempt.Cause reason;

  public PredictorException(Attempt.Cause reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  public Attempt.Cause reason() {
    return reason;
  }
}
