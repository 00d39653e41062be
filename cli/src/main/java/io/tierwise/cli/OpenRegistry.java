package io.tierwise.cli;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.registry.CuratedRegistry;
import io.tierwise.student.registry.Published;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A registry with what has to be closed after it.
 *
 * @param closing does nothing where there is nothing to close
 */
record OpenRegistry(CuratedRegistry registry, Runnable closing) implements AutoCloseable {
  static OpenRegistry of(CuratedRegistry registry) {
    return new OpenRegistry(registry, () -> {});
  }

  /** The version that is named, by itself or by an alias. */
  String version(String task, String named) throws IOException {
    return registry.aliases(task).getOrDefault(named, named);
  }

  /** The manifest of a version that is named by itself or by an alias. */
  Manifest manifest(String task, String named) throws IOException {
    String version = version(task, named);
    List<Published> versions = registry.versions(task);
    for (Published each : versions) {
      if (each.version().equals(version)) {
        return switch (each) {
          case Published.Described described -> described.manifest();
          case Published.Unreadable unreadable -> throw unreadable.trouble();
        };
      }
    }
    if (registry.tasks().isEmpty()) {
      throw new InvalidValueException(
          "registry", "nothing is published in it yet", "publish a student, or name another one");
    }
    throw new InvalidValueException(
        "version",
        "'" + named + "' is neither a version nor an alias of task '" + task + "'",
        versions.isEmpty()
            ? "name a task of " + registry.tasks()
            : "name one of "
                + versions.stream().map(Published::version).toList()
                + " or "
                + registry.aliases(task).keySet());
  }

  /** The aliases that name a version. */
  static List<String> names(Map<String, String> aliases, String version) {
    return aliases.entrySet().stream()
        .filter(alias -> alias.getValue().equals(version))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public void close() {
    closing.run();
  }
}
