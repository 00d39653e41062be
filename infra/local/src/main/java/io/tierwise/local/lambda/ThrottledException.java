package io.tierwise.local.lambda;

/** All of a function's concurrency is taken. */
public final class ThrottledException extends RuntimeException {
  ThrottledException(String function) {
    super(function + " runs as often as it may");
  }
}
