package io.tierwise.gateway.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file, so that the user sees all of it at once. */
final class Problems {
  private final Path file;
  private final List<ConfigProblem> found = new ArrayList<>();

  Problems(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  void add(int line, String field, String trouble, String fix) {
    found.add(new ConfigProblem(file, line, field, trouble, fix));
  }

  /** Adds another file's. */
  void addAll(ConfigException exception) {
    found.addAll(exception.problems());
  }

  /**
   * @throws ConfigException when there are any
   */
  void refuseIfAny() {
    if (!found.isEmpty()) {
      throw new ConfigException(
          found.stream()
              .sorted(
                  Comparator.comparing((ConfigProblem problem) -> !problem.file().equals(file))
                      .thenComparingInt(ConfigProblem::line))
              .toList());
    }
  }
}
