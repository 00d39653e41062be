package io.tierwise.gateway.chat;

import java.util.Locale;
import java.util.Optional;

/** Which model a caller would have, after the colon of its model's name. */
enum ChatMode {
  /** The strong model. */
  QUALITY,
  /** The weak model where the router's certificate covers it. */
  BALANCED,
  /** The weak model, and the strong one where that fails. */
  CHEAP;

  static Optional<ChatMode> of(String word) {
    for (ChatMode mode : values()) {
      if (mode.name().toLowerCase(Locale.ROOT).equals(word)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
