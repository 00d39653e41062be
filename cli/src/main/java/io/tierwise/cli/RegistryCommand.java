package io.tierwise.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tierwise registry}: the artifacts that were published, and which of them is live. */
@Command(
    name = "registry",
    mixinStandardHelpOptions = true,
    description = "Lists, compares, promotes, rolls back, clears up and signs published students.",
    subcommands = {
      RegistryListCommand.class,
      RegistryShowCommand.class,
      RegistryDiffCommand.class,
      RegistryHistoryCommand.class,
      RegistryPromoteCommand.class,
      RegistryRollbackCommand.class,
      RegistryGcCommand.class,
      RegistryKeyCommand.class,
      RegistrySignCommand.class
    })
final class RegistryCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
