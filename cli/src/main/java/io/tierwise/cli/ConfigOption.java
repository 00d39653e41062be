package io.tierwise.cli;

import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.TierwiseConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The {@code --config} option, the same for every command that needs the configuration. */
final class ConfigOption {
  static final String NAME = "--config";
  static final String USUAL = "tierwise.yaml";

  @Option(
      names = NAME,
      paramLabel = "FILE",
      defaultValue = USUAL,
      description = "The configuration (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of(USUAL);

  Path file() {
    return file;
  }

  TierwiseConfig load() {
    return ConfigFile.load(file);
  }

  /** The same for commands that can do without: empty where none is named and none lies here. */
  Optional<TierwiseConfig> loadIfThere() {
    return Files.exists(file) || !file.equals(Path.of(USUAL))
        ? Optional.of(load())
        : Optional.empty();
  }
}
