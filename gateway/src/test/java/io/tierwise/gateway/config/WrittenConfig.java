package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/** Configurations that a test writes, and what is said of them. */
abstract class WrittenConfig {
  static final Clock NOW = Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);

  static final String SMALLEST =
      """
      upstreams:
        teacher:
          url: http://127.0.0.1:8081/
      tasks:
        - name: support
          labels: [refund, delivery]
          large:
            upstream: teacher
            price: gpt-4o-mini
      """;

  @TempDir Path folder;

  final void refused(String yaml, String... expected) {
    assertEquals(String.join("\n", expected), refusal(yaml));
  }

  /** The message, without the file's name. */
  final String refusal(String yaml) {
    String prefix = folder.resolve("tierwise.yaml") + ":";
    return assertThrows(ConfigException.class, () -> load(yaml))
        .getMessage()
        .lines()
        .map(line -> line.startsWith(prefix) ? line.substring(prefix.length()) : line)
        .collect(Collectors.joining("\n"));
  }

  final TierwiseConfig load(String yaml) throws IOException {
    return ConfigFile.load(write("tierwise.yaml", yaml), NOW);
  }

  final Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
