package io.tierwise.cli;

import java.io.Console;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** Whether a person is looking. */
final class Terminal {
  private Terminal() {}

  static boolean present() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  /** Colours on a terminal, unless NO_COLOR is set. */
  static Ansi colours() {
    return present() && System.getenv("NO_COLOR") == null ? Ansi.ON : Ansi.OFF;
  }
}
