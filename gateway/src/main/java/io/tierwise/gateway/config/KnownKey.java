package io.tierwise.gateway.config;

/**
 * A key that the reader knows.
 *
 * @param path as in {@code tasks[0].contract.epsilon}
 * @param otherwise what counts when it is left out, as a file would have it; or one of the words
 *     below
 */
record KnownKey(String path, String otherwise) {
  /** Must be there. */
  static final String REQUIRED = "(required)";

  /** May be left out and has no default. */
  static final String NONE = "(none)";

  /** An empty list when it is left out. */
  static final String EMPTY = "[]";

  /** Whether a value stands in when it is left out. */
  boolean hasDefault() {
    return !otherwise.equals(REQUIRED) && !otherwise.equals(NONE) && !otherwise.equals(EMPTY);
  }
}
