package io.tierwise.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tierwise prices}: the price book. */
@Command(
    name = "prices",
    mixinStandardHelpOptions = true,
    description = "Looks after the price book.",
    subcommands = {PricesCheckCommand.class})
final class PricesCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
