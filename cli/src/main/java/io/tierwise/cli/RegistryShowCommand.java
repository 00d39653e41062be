package io.tierwise.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.Manifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise registry show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    header = "Shows what a version is and where it comes from.",
    description = "What its manifest says; with --json, the whole of it, hashes in full.")
final class RegistryShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOption option;

  @Parameters(index = "0", paramLabel = "TASK", description = "The task.")
  private String task;

  @Parameters(
      index = "1",
      paramLabel = "VERSION",
      description = "The version, or live, canary or previous.")
  private String version;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (OpenRegistry open = option.open()) {
      Manifest manifest = open.manifest(task, version);
      List<String> names = OpenRegistry.names(open.registry().aliases(task), manifest.version());
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        ObjectNode node = (ObjectNode) new ObjectMapper().readTree(ArtifactFiles.json(manifest));
        ArrayNode aliases = node.putArray("aliases");
        names.forEach(aliases::add);
        out.println(node);
      } else {
        out.println(
            manifest.task()
                + " "
                + manifest.version()
                + (names.isEmpty() ? "" : " (" + String.join(", ", names) + ")"));
        ManifestRows.of(manifest)
            .forEach(
                (name, value) -> out.printf("%-27s %s%n", name, value.isEmpty() ? "-" : value));
        out.println("labels: " + String.join(", ", manifest.labels()));
      }
      return 0;
    }
  }
}
