package io.tierwise.gateway.dialect;

import org.jspecify.annotations.Nullable;

/** A request that is refused before it is routed, as the caller will see it. */
public final class DialectException extends RuntimeException {
  private final int status;
  private final DialectError error;

  public DialectException(int status, DialectError error) {
    super(error.message());
    this.status = status;
    this.error = error;
  }

  static DialectException badRequest(@Nullable String param, String message, String code) {
    return new DialectException(
        400, new DialectError(message, DialectError.INVALID_REQUEST, param, code));
  }

  /** HTTP status, 4xx. */
  public int status() {
    return status;
  }

  public DialectError error() {
    return error;
  }
}
