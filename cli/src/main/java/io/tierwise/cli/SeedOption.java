package io.tierwise.cli;

import picocli.CommandLine.Option;

/** What all that is drawn is drawn by: the same seed gives the same figures. */
final class SeedOption {
  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  long value() {
    return seed;
  }
}
