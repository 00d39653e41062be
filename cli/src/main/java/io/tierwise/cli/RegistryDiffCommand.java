package io.tierwise.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.student.artifact.Manifest;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tierwise registry diff}. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    header = "Sets two versions of a task side by side.",
    description = {
      "What made them, its parameters, labels, files and figures. A star marks what is different;",
      "long values are cut, --json has them whole."
    })
final class RegistryDiffCommand implements Callable<Integer> {
  private static final int WIDTH = 42;

  @Spec private CommandSpec spec;
  @Mixin private RegistryOption option;

  @Parameters(index = "0", paramLabel = "TASK", description = "The task.")
  private String task;

  @Parameters(index = "1", paramLabel = "ONE", description = "A version or an alias.")
  private String one;

  @Parameters(index = "2", paramLabel = "OTHER", description = "A version or an alias.")
  private String other;

  @Option(names = "--json", description = "One JSON object instead of text.")
  private boolean json;

  /** One thing that both say, or one of them. */
  private record Row(String name, String left, String right) {
    boolean different() {
      return !left.equals(right);
    }
  }

  @Override
  public Integer call() throws IOException {
    try (OpenRegistry open = option.open()) {
      Manifest left = open.manifest(task, one);
      Manifest right = open.manifest(task, other);
      PrintWriter out = spec.commandLine().getOut();
      List<Row> rows = rows(left, right);
      if (json) {
        out.println(json(left.version(), right.version(), rows));
      } else {
        print(left.version(), right.version(), rows, out);
      }
      return 0;
    }
  }

  private static List<Row> rows(Manifest left, Manifest right) {
    SequencedMap<String, String> lefts = ManifestRows.of(left);
    SequencedMap<String, String> rights = ManifestRows.of(right);
    SequencedSet<String> names = new LinkedHashSet<>();
    // What only the right has goes where it stands there, after what both have before it.
    String last = "";
    List<String> order = new ArrayList<>(lefts.keySet());
    for (String name : rights.keySet()) {
      if (!lefts.containsKey(name)) {
        order.add(order.indexOf(last) + 1, name);
      }
      last = name;
    }
    names.addAll(order);
    List<Row> rows = new ArrayList<>();
    for (String name : names) {
      rows.add(new Row(name, lefts.getOrDefault(name, ""), rights.getOrDefault(name, "")));
    }
    List<String> gone = new ArrayList<>(left.labels());
    gone.removeAll(right.labels());
    List<String> come = new ArrayList<>(right.labels());
    come.removeAll(left.labels());
    if (!gone.isEmpty() || !come.isEmpty()) {
      rows.add(new Row("labels only here", String.join(", ", gone), String.join(", ", come)));
    }
    return rows;
  }

  private static void print(String left, String right, List<Row> rows, PrintWriter out) {
    String format = "%s %-27s %-" + WIDTH + "s  %s%n";
    out.printf(format, " ", "", left, right);
    for (Row row : rows) {
      out.printf(
          format, row.different() ? "*" : " ", row.name(), cell(row.left()), cell(row.right()));
    }
  }

  /** Long values are cut; --json has them whole. */
  private static String cell(String value) {
    String shown = value.isEmpty() ? "-" : value;
    return shown.length() <= WIDTH ? shown : shown.substring(0, WIDTH - 1) + "…";
  }

  private static ObjectNode json(String left, String right, List<Row> rows) {
    ObjectNode root = JsonNodeFactory.instance.objectNode().put("one", left).put("other", right);
    ArrayNode list = root.putArray("rows");
    for (Row row : rows) {
      list.addObject()
          .put("name", row.name().strip())
          .put("one", row.left())
          .put("other", row.right())
          .put("different", row.different());
    }
    return root;
  }
}
