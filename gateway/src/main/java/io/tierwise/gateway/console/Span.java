package io.tierwise.gateway.console;

import io.tierwise.router.InvalidValueException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How far back the console looks, to now; days and hours are UTC's. */
public enum Span {
  /** By the hour. */
  HOURS_48("48h"),
  /** By the day. */
  DAYS_30("30d"),
  /** By the day. */
  DAYS_90("90d");

  private final String text;

  Span(String text) {
    this.text = text;
  }

  /** Its name in a path. */
  public String text() {
    return text;
  }

  /**
   * @throws InvalidValueException when there is none of this name
   */
  public static Span of(String text) {
    return Arrays.stream(values())
        .filter(span -> span.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new InvalidValueException(
                "span",
                "there is no span '" + text + "'",
                "use one of "
                    + Arrays.stream(values()).map(Span::text).collect(Collectors.joining(", "))));
  }
}
