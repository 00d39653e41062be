package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DamagedConfigTest {
  private static final String GOOD =
      """
      server: {port: 8080}
      upstreams:
        teacher: {url: http://127.0.0.1:8081, timeout: 10s}
      tasks:
        - name: support
          labels: [refund, delivery]
          contract: {epsilon: 0.05}
          large: {upstream: teacher, price: gpt-4o-mini}
      budgets:
        - {tenant: acme, daily: '1'}
      """;

  @Property(tries = 500)
  void isEitherReadOrRefusedWithAPlace(
      @ForAll @IntRange(max = 340) int at,
      @ForAll @IntRange(max = 12) int removed,
      @ForAll @From("fragments") String inserted)
      throws IOException {
    int from = Math.min(at, GOOD.length());
    int to = Math.min(from + removed, GOOD.length());
    readOrRefused(GOOD.substring(0, from) + inserted + GOOD.substring(to));
  }

  @Test
  void isRefusedWhenItIsNestedTooDeeply() {
    assertThrows(ConfigException.class, () -> read("a: " + "[".repeat(10_000)));
    assertThrows(ConfigException.class, () -> read("a: " + "{a: ".repeat(10_000)));
  }

  @Provide
  Arbitrary<String> fragments() {
    return Arbitraries.frequencyOf(
        Tuple.of(
            1,
            Arbitraries.of(
                "", ":", "\n", "- ", "[", "]", "{", "}", "'", "\"", "&a ", "*a", "!!int ", "? ",
                "|\n", "\t", "#", "<<: ", "%", "---\n", "...\n", "@", "`", "\u0000", "\ufeff",
                "null", "~")),
        Tuple.of(1, Arbitraries.strings().ofMaxLength(6)));
  }

  private static void readOrRefused(String text) throws IOException {
    try {
      assertFalse(read(text).tasks().isEmpty());
    } catch (ConfigException e) {
      assertFalse(e.problems().isEmpty());
      assertTrue(e.problems().stream().noneMatch(problem -> problem.trouble().isBlank()));
    }
  }

  private static TierwiseConfig read(String text) throws IOException {
    Path file = Files.createTempFile("tierwise", ".yaml");
    try {
      return ConfigFile.load(Files.writeString(file, text));
    } finally {
      Files.delete(file);
    }
  }
}
