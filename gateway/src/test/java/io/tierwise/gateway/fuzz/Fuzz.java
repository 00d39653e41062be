package io.tierwise.gateway.fuzz;

import java.io.IOException;
import java.util.Locale;

/**
 * What Jazzer runs, over and over; {@code -Dtierwise.fuzz=NAME} says which target. How: {@code
 * docs/security.md}.
 */
public final class Fuzz {
  private static final FuzzTarget TARGET =
      FuzzTarget.valueOf(
          System.getProperty("tierwise.fuzz", "openai").toUpperCase(Locale.ROOT).replace('-', '_'));

  private Fuzz() {}

  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    TARGET.take(bytes);
  }
}
