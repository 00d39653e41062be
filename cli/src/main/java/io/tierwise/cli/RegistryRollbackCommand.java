package io.tierwise.cli;

import io.tierwise.student.registry.Move;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise registry rollback}. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    header = "Points live back to where it was.",
    description = {
      "Live and previous change places, so a second rollback undoes the first. The history says so.",
      "The gate stays with the artifact of its certificate: open it again for the one that is live",
      "now, 'tierwise gate TASK open'."
    })
final class RegistryRollbackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOption option;

  @Parameters(paramLabel = "TASK", description = "The task.")
  private String task;

  @Option(names = "--reason", defaultValue = "by hand", description = "Kept in the history.")
  private String reason = "by hand";

  @Override
  public Integer call() throws IOException {
    try (OpenRegistry open = option.open()) {
      Move back = open.registry().rollBack(task, reason);
      spec.commandLine()
          .getOut()
          .printf(
              "live of %s is now %s, and previous %s%n"
                  + "It answers once its gate is open: ./tierwise gate %s open%n",
              task, back.version(), back.previous(), task);
      return 0;
    }
  }
}
