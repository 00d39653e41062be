package io.tierwise.cli;

import java.nio.file.Path;
import java.util.List;

/** Where this program is installed and how it is run. */
final class Installation {
  private Installation() {}

  /** The checkout, as the launcher says; the working directory without it. */
  static Path home() {
    return Path.of(System.getProperty("tierwise.home", "")).toAbsolutePath();
  }

  /**
   * What is computed once and kept for all runs; may be deleted at any time. In the checkout, or
   * where {@code tierwise.cache} says: an image may be written to in one place only.
   */
  static Path cache() {
    String place = System.getProperty("tierwise.cache");
    return place == null ? home().resolve(".tierwise/cache") : Path.of(place).toAbsolutePath();
  }

  /** The command that runs this command line again, in a process of its own. */
  static List<String> command() {
    return List.of(home().resolve("tierwise").toString());
  }
}
