package io.tierwise.gateway.server;

/** The body broke off, or is framed against HTTP; what follows on the connection means nothing. */
final class UnreadableBodyException extends RuntimeException {
  UnreadableBodyException(Exception cause) {
    super("the body cannot be read", cause);
  }
}
