package io.tierwise.router.tier;

/** The ways to answer, cheapest first. */
public enum TierName {
  EXACT_CACHE("exact-cache"),
  SEMANTIC_CACHE("semantic-cache"),
  STUDENT("student"),
  /** The second of two students in line: asked where the first was not sure enough. */
  SECOND_STUDENT("second-student"),
  /** The cheaper of the models that a chat is routed between, before either is called. */
  WEAK("weak"),
  LARGE("large");

  private final String text;

  TierName(String text) {
    this.text = text;
  }

  /** The name used in configuration, headers, metrics and reports. */
  public String text() {
    return text;
  }

  /** Whether an artifact of the registry answers: a student, or the second one of its line. */
  public boolean student() {
    return this == STUDENT || this == SECOND_STUDENT;
  }

  @Override
  public String toString() {
    return text;
  }
}
