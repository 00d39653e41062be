package io.tierwise.gateway.server;

import io.helidon.webserver.CloseConnectionException;

/** The caller ended the connection in the middle of its request: nobody is left to be answered. */
final class ClientGoneException extends RuntimeException {
  ClientGoneException(Exception cause) {
    super("the caller is gone", cause);
  }

  CloseConnectionException toClose() {
    return new CloseConnectionException("the caller is gone", this);
  }
}
