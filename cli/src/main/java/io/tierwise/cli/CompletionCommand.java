package io.tierwise.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tierwise completion}: completion for bash and zsh. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    header = "Prints a script that completes commands and options.",
    description = {
      "Prints a completion script for bash and zsh. To use it in this shell:",
      "source <(./tierwise completion)"
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    spec.commandLine().getOut().print(AutoComplete.bash(root.getCommandName(), root));
    spec.commandLine().getOut().flush();
    return 0;
  }
}
