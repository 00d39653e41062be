package io.tierwise.gateway.front;

/** The body broke off, or is framed against HTTP; what follows on the connection means nothing. */
public final class UnreadableBodyException extends RuntimeException {
  public UnreadableBodyException(Exception cause) {
    super("the body cannot be read", cause);
  }
}
