package io.tierwise.gateway.metrics;

/** What became of an audit. */
public enum AuditOutcome {
  /** The large model had answered the caller. */
  COMPLETE("complete"),
  /** The large model was asked off the caller's path. */
  ASKED("asked"),
  /** It gave no usable reference. */
  REFERENCE_MISSING("reference-missing"),
  /** There was no room left to wait in: the reference is missing, too. */
  DROPPED("dropped"),
  /** It could not be kept. */
  LOST("lost"),
  /** No audit: the large model was asked the same again. */
  REPEATED("repeated"),
  /** No audit: the large model was asked about a pinned text. */
  PROBED("probed");

  private final String text;

  AuditOutcome(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
