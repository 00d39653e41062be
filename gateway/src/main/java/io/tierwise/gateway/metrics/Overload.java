package io.tierwise.gateway.metrics;

/** Why a request was refused before any work was done on it. */
public enum Overload {
  /** Too many were under way. */
  CONCURRENCY("concurrency"),
  /** The bodies under way would take too much of the heap. */
  MEMORY("memory"),
  /** Too many waited for a processor. */
  QUEUE("queue");

  private final String text;

  Overload(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
