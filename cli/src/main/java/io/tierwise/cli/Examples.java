package io.tierwise.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** One example of every command, at the end of its help. */
final class Examples {
  private static final String FILE = "examples.txt";

  private Examples() {}

  /** Every example, each a command line as it is typed. */
  static List<String> all() {
    try (InputStream in = Objects.requireNonNull(Examples.class.getResourceAsStream(FILE), FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CommandLine addTo(CommandLine root) {
    List<String> all = all();
    root.getSubcommands().values().forEach(command -> addTo(command, all));
    return root;
  }

  private static void addTo(CommandLine command, List<String> all) {
    CommandSpec spec = command.getCommandSpec();
    all.stream()
        .filter(example -> (example + " ").startsWith(spec.qualifiedName() + " "))
        .forEach(example -> {
          // A command line may hold what is markup or a format to picocli.
          String[] footer = {"", "Example: ./" + example.replace("%", "%%")};
          if (spec.subcommands().isEmpty()) {
            spec.usageMessage().footer(footer);
          }
        });
    command.getSubcommands().values().forEach(sub -> addTo(sub, all));
  }
}
