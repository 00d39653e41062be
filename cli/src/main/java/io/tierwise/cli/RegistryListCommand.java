package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.registry.CuratedRegistry;
import io.tierwise.student.registry.Published;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise registry list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    header = "Lists the versions of every task, or of one.",
    description = {
      "With the aliases that name each, what made it, its bytes, its main figures, and when it was",
      "made, the oldest first."
    })
final class RegistryListCommand implements Callable<Integer> {
  /** The figures that are looked for first; two of them are shown. */
  private static final List<String> MAIN =
      List.of("accuracy", "tuningAgreement", "agreementWithParent", "p50Micros", "trainingTexts");

  private static final int SHOWN = 2;

  @Spec private CommandSpec spec;
  @Mixin private RegistryOption option;

  @Parameters(
      arity = "0..1",
      paramLabel = "TASK",
      description = "The task (default: every task that has a version).")
  private @Nullable String task;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (OpenRegistry open = option.open()) {
      CuratedRegistry registry = open.registry();
      List<String> tasks = task == null ? registry.tasks() : List.of(task);
      ArrayNode versions = JsonNodeFactory.instance.arrayNode();
      PrintWriter out = spec.commandLine().getOut();
      int found = 0;
      for (String each : tasks) {
        Map<String, String> aliases = registry.aliases(each);
        for (Published version : registry.versions(each)) {
          List<String> names = OpenRegistry.names(aliases, version.version());
          if (json) {
            versions.add(node(each, version, names));
          } else {
            if (found == 0) {
              out.printf(
                  "%-16s %-13s %-16s %-17s %10s  %-20s  %s%n",
                  "TASK", "VERSION", "ALIASES", "JOB", "BYTES", "MADE", "FIGURES");
            }
            out.println(line(each, version, names));
          }
          found++;
        }
      }
      if (json) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("versions", versions);
        out.println(root);
      } else if (found == 0) {
        out.println(
            "Nothing is published"
                + (task == null ? "" : " for " + task)
                + " yet: 'tierwise distill publish' does it.");
      }
      return 0;
    }
  }

  private static String line(String task, Published version, List<String> aliases) {
    return switch (version) {
      case Published.Described described -> {
        Manifest manifest = described.manifest();
        yield "%-16s %-13s %-16s %-17s %10d  %-20s  %s"
            .formatted(
                task,
                version.version(),
                aliases.isEmpty() ? "-" : String.join(",", aliases),
                manifest.lineage().job(),
                ManifestRows.bytes(manifest),
                ManifestRows.time(manifest.createdAt()),
                figures(manifest));
      }
      case Published.Unreadable unreadable ->
          "%-16s %-13s %-16s refused: %s"
              .formatted(
                  task,
                  version.version(),
                  aliases.isEmpty() ? "-" : String.join(",", aliases),
                  unreadable.trouble().getMessage());
    };
  }

  private static String figures(Manifest manifest) {
    String figures =
        MAIN.stream()
            .filter(manifest.metrics()::containsKey)
            .limit(SHOWN)
            .map(name ->
                name + " " + ManifestRows.number(manifest.metrics().getOrDefault(name, Double.NaN)))
            .collect(Collectors.joining(", "));
    return figures.isEmpty() ? "-" : figures;
  }

  private static ObjectNode node(String task, Published version, List<String> aliases) {
    ObjectNode node =
        JsonNodeFactory.instance.objectNode().put("task", task).put("version", version.version());
    ArrayNode names = node.putArray("aliases");
    aliases.forEach(names::add);
    switch (version) {
      case Published.Described described -> {
        Manifest manifest = described.manifest();
        node.put("job", manifest.lineage().job()).put("bytes", ManifestRows.bytes(manifest));
        node.put("createdAt", manifest.createdAt().toString());
        ObjectNode metrics = node.putObject("metrics");
        manifest.metrics().forEach(metrics::put);
      }
      case Published.Unreadable unreadable ->
          node.put("refused", String.valueOf(unreadable.trouble().getMessage()));
    }
    return node;
  }
}
