package io.tierwise.gateway.config;

import java.nio.file.Path;
import java.util.function.Function;

/** Reads any YAML file as strictly as the configuration: every slip with its line and its fix. */
public final class StrictYaml {
  private StrictYaml() {}

  /**
   * @param reader asks for every key, and reports what is wrong with them
   * @throws ConfigException when anything in the file cannot be used; it names everything found
   */
  public static <T> T read(Path file, Function<Section, T> reader) {
    Problems problems = new Problems(file);
    Section root = Section.root(YamlTree.read(problems), problems);
    T read = reader.apply(root);
    root.refuseOtherKeys();
    problems.refuseIfAny();
    return read;
  }
}
