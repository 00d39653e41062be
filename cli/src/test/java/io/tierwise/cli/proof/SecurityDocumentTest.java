package io.tierwise.cli.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/security.md and docs/errors.md promise nothing that no test holds. */
class SecurityDocumentTest {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final Pattern PROOF = Pattern.compile("`(\\w+(?:Test|IT))#(\\w+)`");

  @ParameterizedTest
  @ValueSource(strings = {"docs/security.md", "docs/errors.md"})
  void everyTestThatItNamesIsThere(String document) throws IOException {
    List<MatchResult> proofs =
        PROOF.matcher(Files.readString(HOME.resolve(document))).results().toList();
    assertTrue(proofs.size() >= 15, "it names tests");
    List<String> missing =
        proofs.stream()
            .filter(proof -> !isThere(proof.group(1), proof.group(2)))
            .map(MatchResult::group)
            .distinct()
            .toList();

    assertEquals(List.of(), missing);
  }

  private static boolean isThere(String test, String method) {
    try (Stream<Path> files = Files.walk(HOME)) {
      return files
          .filter(file -> file.endsWith(test + ".java"))
          .filter(file -> file.toString().contains("/src/test/"))
          .anyMatch(file -> has(file, method));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean has(Path file, String method) {
    try {
      return Files.readString(file).contains(" " + method + "(");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
