package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.student.registry.Move;
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

/** {@code tierwise registry history}. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    header = "Shows every move of a task's aliases, the oldest first.",
    description = "Each with where the alias pointed before, and the reason that was given.")
final class RegistryHistoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RegistryOption option;

  @Parameters(paramLabel = "TASK", description = "The task.")
  private String task;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (OpenRegistry open = option.open()) {
      List<Move> moves = open.registry().history(task);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(json(moves));
      } else if (moves.isEmpty()) {
        out.println("No alias of " + task + " was ever moved.");
      } else {
        for (Move move : moves) {
          out.printf(
              "%-21s %-9s %-13s %-18s %s%n",
              ManifestRows.time(move.at()),
              move.alias(),
              move.version(),
              move.previous() == null ? "the first" : "was " + move.previous(),
              move.reason());
        }
      }
      return 0;
    }
  }

  private static ObjectNode json(List<Move> moves) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode list = root.putArray("moves");
    for (Move move : moves) {
      list.addObject()
          .put("at", move.at().toString())
          .put("alias", move.alias())
          .put("version", move.version())
          .put("previous", move.previous())
          .put("reason", move.reason());
    }
    return root;
  }
}
