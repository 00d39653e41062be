package io.tierwise.cli;

import io.tierwise.gateway.config.ConfigFile;
import io.tierwise.gateway.config.TierwiseConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The {@code --config} option, the same for every command that needs the configuration. */
final class ConfigOption {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "tierwise.yaml",
      description = "The configuration (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("tierwise.yaml");

  Path file() {
    return file;
  }

  TierwiseConfig load() {
    return ConfigFile.load(file);
  }
}
