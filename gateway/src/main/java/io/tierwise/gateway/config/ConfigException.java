package io.tierwise.gateway.config;

import java.util.List;
import java.util.stream.Collectors;

/** A file the user wrote cannot be used. The message has one line for each problem found. */
public final class ConfigException extends RuntimeException {
  private final List<ConfigProblem> problems;

  public ConfigException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, in the order of their lines. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
