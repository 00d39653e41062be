package io.tierwise.gateway.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns the commented reference file into the table of the documentation. */
final class ReferenceTable {
  private static final Pattern KEY = Pattern.compile("( *)(- )?([A-Za-z]+):(.*)");
  private static final Pattern DEFAULT = Pattern.compile(" Default: ([^.]+)\\.");

  /** Of a key that holds others and has no value of its own. */
  private static final String SECTION = "(section)";

  private record Level(int indent, String path) {}

  private final Map<String, String> defaults;
  private final Deque<Level> levels = new ArrayDeque<>();
  private final List<String> comment = new ArrayList<>();
  private final StringBuilder table =
      new StringBuilder("| key | default | meaning |\n|---|---|---|\n");

  private ReferenceTable(Map<String, String> defaults) {
    this.defaults = defaults;
  }

  /**
   * @param defaults by path, as in {@code tasks[0].name}
   */
  static String of(String reference, Map<String, String> defaults) {
    ReferenceTable writer = new ReferenceTable(defaults);
    reference.lines().forEach(writer::read);
    return writer.table.toString();
  }

  private void read(String line) {
    Matcher key = KEY.matcher(line);
    if (line.isBlank()) {
      comment.clear();
    } else if (line.strip().startsWith("#")) {
      comment.add(line.strip().substring(1).strip());
    } else if (key.matches()) {
      boolean item = key.group(2) != null;
      int indent = key.group(1).length() + (item ? 2 : 0);
      while (!levels.isEmpty() && levels.peek().indent() >= indent) {
        levels.pop();
      }
      String above = levels.isEmpty() ? "" : levels.peek().path();
      if (item) {
        above = above + "[0]";
        levels.push(new Level(indent - 1, above));
      }
      String path = above.isEmpty() ? key.group(3) : above + "." + key.group(3);
      levels.push(new Level(indent, path));
      row(path);
      comment.clear();
    }
  }

  private void row(String path) {
    String meaning = String.join(" ", comment);
    if (meaning.isEmpty()) {
      return;
    }
    String shown = meaning.endsWith("Required.") ? "required" : otherwise(path, meaning);
    String words = DEFAULT.matcher(" " + meaning).replaceAll("").strip().replace(" Required.", "");
    String name = path.replace("upstreams.gpt", "upstreams.NAME").replace("[0]", "[]");
    table.append("| `%s` | %s | %s |\n".formatted(name, shown, words));
  }

  /** What counts when the key is left out, in the comment's own words where it has some. */
  private String otherwise(String path, String meaning) {
    Matcher worded = DEFAULT.matcher(" " + meaning);
    String otherwise = defaults.getOrDefault(path, SECTION);
    return switch (otherwise) {
      case SECTION -> "its keys' own";
      case KnownKey.REQUIRED -> "required";
      case KnownKey.NONE, KnownKey.EMPTY -> worded.find() ? worded.group(1) : "none";
      default -> worded.find() ? worded.group(1) : "`" + otherwise + "`";
    };
  }
}
