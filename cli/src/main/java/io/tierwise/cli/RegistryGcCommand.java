package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.student.registry.Cleared;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise registry gc}. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    header = "Removes versions that nothing names any more.",
    description = {
      "Kept are the versions that an alias names, those that the history named last, and what was",
      "published less than a day ago and not yet pointed to. What an earlier run was killed over is",
      "finished. The history itself stays whole."
    })
final class RegistryGcCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOption option;

  @Parameters(paramLabel = "TASK", description = "The task.")
  private String task;

  @Option(
      names = "--keep",
      required = true,
      paramLabel = "N",
      description = "How many versions of the history are kept, counted back from its last move.")
  private int keep;

  @Option(names = "--dry-run", description = "Change nothing, and say what would be done.")
  private boolean dryRun;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (OpenRegistry open = option.open()) {
      Cleared cleared = open.registry().clear(task, keep, dryRun);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(json(cleared));
      } else {
        print(cleared, out);
      }
      return 0;
    }
  }

  private void print(Cleared cleared, PrintWriter out) {
    cleared.kept().forEach((version, why) -> out.printf("kept       %-13s %s%n", version, why));
    cleared
        .removed()
        .forEach((version, bytes) ->
            out.printf("%-10s %-13s %d bytes%n", dryRun ? "would go" : "removed", version, bytes));
    cleared
        .leftovers()
        .forEach(name -> out.printf("%-10s %s%n", dryRun ? "half there" : "swept", name));
    out.printf(
        "%d kept, %d %s, %d bytes%n",
        cleared.kept().size(),
        cleared.removed().size(),
        dryRun ? "would be removed" : "removed",
        cleared.bytes());
  }

  private ObjectNode json(Cleared cleared) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("dryRun", dryRun);
    ObjectNode kept = root.putObject("kept");
    cleared.kept().forEach(kept::put);
    ObjectNode removed = root.putObject("removed");
    cleared.removed().forEach(removed::put);
    ArrayNode leftovers = root.putArray("leftovers");
    cleared.leftovers().forEach(leftovers::add);
    return root.put("bytes", cleared.bytes());
  }
}
