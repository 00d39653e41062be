package io.tierwise.cli;

import io.tierwise.student.registry.CuratedRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise registry promote}. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    header = "Points live, or canary, to a version.",
    description = {
      "Running gateways follow within 5 s. A live student answers nothing until its gate is opened",
      "under a certificate of its own: 'tierwise gate TASK open'."
    })
final class RegistryPromoteCommand implements Callable<Integer> {
  enum Alias {
    LIVE,
    CANARY
  }

  @Spec private CommandSpec spec;
  @Mixin private RegistryOption option;

  @Parameters(index = "0", paramLabel = "TASK", description = "The task.")
  private String task;

  @Parameters(
      index = "1",
      paramLabel = "VERSION",
      description = "The version, or an alias that names it.")
  private String version;

  @Option(
      names = "--alias",
      defaultValue = "live",
      description = "live or canary (default: ${DEFAULT-VALUE}).")
  private Alias alias = Alias.LIVE;

  @Option(names = "--reason", required = true, description = "Kept in the history.")
  private String reason;

  @Override
  public Integer call() throws IOException {
    try (OpenRegistry open = option.open()) {
      CuratedRegistry registry = open.registry();
      String name = alias.name().toLowerCase(Locale.ROOT);
      String chosen = open.version(task, version);
      int before = registry.history(task).size();
      registry.point(task, name, chosen, reason);
      var out = spec.commandLine().getOut();
      if (registry.history(task).size() == before) {
        out.printf("%s of %s is %s already; nothing moved%n", name, task, chosen);
      } else {
        out.printf("%s of %s is now %s%n", name, task, chosen);
        if (name.equals(Registry.LIVE)) {
          out.printf("It answers once its gate is open: ./tierwise gate %s open%n", task);
        }
      }
      return 0;
    }
  }
}
