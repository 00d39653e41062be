package io.tierwise.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tierwise config}: the configuration file. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Begins, checks and explains the configuration.",
    subcommands = {ConfigInitCommand.class, ConfigCheckCommand.class, ConfigReferenceCommand.class})
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
