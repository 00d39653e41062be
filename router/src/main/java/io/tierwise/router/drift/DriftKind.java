package io.tierwise.router.drift;

/** What a drift is called. */
public enum DriftKind {
  /** The mix of the large model's answers is another one. */
  LABEL_SHIFT("label-shift"),
  /** More texts than before are strange to the student: new intents, or out of scope. */
  NEW_TEXTS("new-texts"),
  /** The large model answers pinned texts otherwise than when they were pinned. */
  LARGE_MODEL_CHANGED("large-model-changed");

  private final String text;

  DriftKind(String text) {
    this.text = text;
  }

  /** The name in metrics, logs and JSON. */
  public String text() {
    return text;
  }
}
