package io.tierwise.gateway.semantic;

import java.io.IOException;

/** Another process has the index open. */
public final class IndexInUseException extends IOException {
  private static final long serialVersionUID = 1;

  IndexInUseException(String message, Throwable cause) {
    super(message, cause);
  }
}
