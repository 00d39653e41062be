package io.tierwise.router.contract;

/** Of which answers a contract bounds the share that disagrees. */
public enum Over {
  /** Of all; the large model's own count as agreeing. */
  ALL("all"),
  /** Of those that a cheap tier gives: the stricter promise. */
  ACCEPTED("accepted");

  private final String text;

  Over(String text) {
    this.text = text;
  }

  /** As configuration and reports have it. */
  public String text() {
    return text;
  }
}
