package io.tierwise.cli.proof;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What was said to a gateway and what it answered, for people to read. */
final class Exchange {
  private final List<String> lines = new ArrayList<>();

  void add(String asked, Object answered) {
    lines.add(asked);
    lines.add("    " + answered.toString().replace("\n", "\n    "));
  }

  /** Prints it, and keeps it in {@code cli/target/NAME.txt}. */
  void show(String name) throws IOException {
    show(name, String.join("\n", lines) + "\n");
  }

  static void show(String name, String text) throws IOException {
    System.out.println("---- " + name + "\n" + text);
    Path target = Path.of(System.getProperty("tierwise.home"), "cli", "target");
    Files.writeString(target.resolve(name + ".txt"), text);
  }
}
