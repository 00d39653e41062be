package io.tierwise.gateway.ledger;

import org.jspecify.annotations.Nullable;

/** A whole record that this release cannot make an entry of. */
final class UnreadableEntryException extends RuntimeException {
  UnreadableEntryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
