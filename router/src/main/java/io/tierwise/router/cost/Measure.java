package io.tierwise.router.cost;

import java.util.Locale;

/** What a limit counts. */
public enum Measure {
  /** What answering costs, in US dollars. */
  DOLLARS,
  /** Requests, refused ones not counted. */
  REQUESTS,
  /** Tokens that the large model reads and writes. */
  TOKENS;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
