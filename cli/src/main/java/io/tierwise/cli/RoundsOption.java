package io.tierwise.cli;

import picocli.CommandLine.Option;

/** How often everything is measured; what is told are the medians. */
final class RoundsOption {
  @Option(names = "--rounds", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds;

  int value() {
    return rounds;
  }
}
