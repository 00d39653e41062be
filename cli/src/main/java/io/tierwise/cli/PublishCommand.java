package io.tierwise.cli;

import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.SigningKey;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill publish}. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    header = "Makes a student, or a chat's router, live.",
    description = {
      "Puts it into the registry and makes it live. A student answers nothing until its gate is",
      "opened under a certificate: 'tierwise gate TASK open'. A router's gate opens by itself once",
      "the chat's audits certify it."
    })
final class PublishCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TaskOption task;
  @Mixin private RegistryPlace place;

  @Option(
      names = "--artifact",
      required = true,
      paramLabel = "DIR",
      description = "The student or router.")
  private Path artifact;

  @Option(names = "--reason", defaultValue = "by hand", description = "Kept in the history.")
  private String reason;

  @Override
  public Integer call() throws IOException {
    TaskOption.Chosen chosen = task.loadContract();
    try (OpenRegistry open = place.open(chosen.config())) {
      SigningKey own = chosen.config().trust().own();
      if (own != null) {
        own.sign(Artifact.open(artifact));
      }
      Artifact published = open.registry().publish(artifact);
      String version = published.manifest().version();
      open.registry().point(chosen.settings().name(), Registry.LIVE, version, reason);
      spec.commandLine().getOut().printf("%s is live at %s%n", version, published.directory());
    }
    return 0;
  }
}
