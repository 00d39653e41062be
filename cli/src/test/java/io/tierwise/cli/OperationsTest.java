package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.doctor.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

/** The commands that begin and look after an installation. */
class OperationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... arguments) {
    out.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
  }

  @Test
  void initWritesAConfigurationThatPassesTheCheck() {
    Path file = directory.resolve("tierwise.yaml");

    assertEquals(0, run("config", "init", file));
    assertEquals(0, run("config", "check", "--config", file));
    assertTrue(
        out.toString().startsWith(file + " can be used: tasks support; upstreams large; "),
        out.toString());
    assertEquals(1, out.toString().lines().count());
  }

  @Test
  void initTakesTheLabelsFromAFileAndOverwritesNothing() throws IOException {
    Path data =
        Files.writeString(
            directory.resolve("data.jsonl"),
            """
            {"text": "one", "label": "yes"}
            {"text": "two", "label": "no"}
            {"text": "three", "label": "yes"}
            """);
    Path file = directory.resolve("tierwise.yaml");

    assertEquals(0, run("config", "init", file, "--task", "desk", "--data", data));
    String written = Files.readString(file);
    assertTrue(written.contains("      - no\n      - yes\n"), written);

    assertEquals(Main.REFUSED, run("config", "init", file));
    assertTrue(err.toString().contains("it is there already"), err.toString());
    assertEquals(written, Files.readString(file));
  }

  @Test
  void initSeesThatAFileHoldsFeatures() throws IOException {
    Path data =
        Files.writeString(
            directory.resolve("data.jsonl"),
            """
            {"features": [1, 2.5, 3], "label": "yes"}
            {"features": [0, 0, 1], "label": "no"}
            """);
    Path file = directory.resolve("tierwise.yaml");

    assertEquals(Main.REFUSED, run("config", "init", file, "--data", data));
    assertTrue(err.toString().contains("has no place for feature vectors"), err.toString());
    assertTrue(Files.notExists(file));

    assertEquals(
        0,
        run(
            "config",
            "init",
            file,
            "--task",
            "digits",
            "--data",
            data,
            "--protocol",
            "invocations",
            "--price",
            "lambda-request"));
    assertEquals(0, run("config", "check", "--config", file));
    assertTrue(out.toString().contains("tasks digits (vectors of 3 features); "), out.toString());
  }

  @Test
  void initLeavesNoFileThatWouldNotPass() {
    Path file = directory.resolve("tierwise.yaml");

    assertEquals(Main.REFUSED, run("config", "init", file, "--price", "free-lunch"));
    assertTrue(Files.notExists(file));
    assertTrue(err.toString().contains("free-lunch"), err.toString());
  }

  @Test
  void checkPrintsEveryProblem() throws IOException {
    Path file =
        Files.writeString(directory.resolve("t.yaml"), "server: {port: high}\nupstream: {}\n");

    assertEquals(Main.REFUSED, run("config", "check", "--config", file));
    assertEquals(4, out.toString().lines().count(), out.toString());
    assertTrue(out.toString().startsWith(file + ":1: server.port: "), out.toString());

    assertEquals(Main.REFUSED, run("config", "check", "--config", file, "--json"));
    JsonNode json = JSON.readTree(out.toString());
    assertFalse(json.path("usable").asBoolean(true));
    assertEquals(4, json.path("problems").size());
    assertEquals("server.port", json.path("problems").path(0).path("field").asText());
    assertEquals(1, json.path("problems").path(0).path("line").asInt());
  }

  @Test
  void referencePrintsEveryKey() {
    assertEquals(0, run("config", "reference"));
    assertTrue(out.toString().contains("whenBudgetExhausted: reject"), out.toString());
  }

  @Test
  void contractShowsATaskThatWasNeverCertified() throws IOException {
    Path file = directory.resolve("tierwise.yaml");
    assertEquals(0, run("config", "init", file, "--task", "desk"));

    assertEquals(0, run("contract", "desk", "--config", file));
    assertTrue(out.toString().contains("\ncertificate  none (0 tests spent)\n"), out.toString());
    assertEquals(0, run("contract", "desk", "--config", file, "--json"));
    assertEquals("observe", JSON.readTree(out.toString()).path("gate").textValue());
    assertEquals(Main.REFUSED, run("contract", "dusk", "--config", file));
    assertTrue(err.toString().contains("'dusk' is not in the configuration"), err.toString());
  }

  @Test
  void doctorExitsWithOneWhereTheUpstreamIsAway() throws IOException {
    Path file = directory.resolve("tierwise.yaml");
    assertEquals(0, run("config", "init", file, "--upstream", "http://127.0.0.1:1"));
    Files.writeString(file, Files.readString(file).replace("port: 8080", "port: 0"));

    assertEquals(Main.REFUSED, run("doctor", "--config", file));
    assertTrue(out.toString().contains("\nfail upstream large: "), out.toString());
    assertFalse(out.toString().contains("\u001b["), "colours only on a terminal");

    assertEquals(Main.REFUSED, run("doctor", "--config", file, "--json"));
    JsonNode json = JSON.readTree(out.toString());
    assertFalse(json.path("healthy").asBoolean(true));
    assertEquals("java", json.path("findings").path(0).path("what").asText());
    assertEquals("ok", json.path("findings").path(0).path("level").asText());
  }

  @Test
  void doctorColoursTheLevelOnATerminal() {
    Finding finding = new Finding(Finding.Level.FAIL, "disk", "full", "free some");

    assertEquals("fail disk: full; free some", DoctorCommand.line(finding, Ansi.OFF));
    assertTrue(DoctorCommand.line(finding, Ansi.ON).startsWith("\u001b[31m\u001b[1mfail"));
  }

  @Test
  void completionIsAScriptThatBashTakesAndThatKnowsTheCommands() throws Exception {
    assertEquals(0, run("completion"));
    Path script = Files.writeString(directory.resolve("completion.bash"), out.toString());
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source '"
                    + script
                    + "' && COMP_WORDS=(tierwise conf) COMP_CWORD=1"
                    + " && _complete_tierwise && echo \"${COMPREPLY[@]}\"")
            .redirectErrorStream(true)
            .start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertEquals(0, bash.waitFor(), answer);
    assertEquals("config", answer.strip());
  }

  @Test
  void splitDealsEveryRowToExactlyOnePart() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      rows.append("{\"text\":\"text ").append(i).append("\",\"label\":\"a\"}\n");
    }
    Path data = Files.writeString(directory.resolve("data.jsonl"), rows);
    Path parts = directory.resolve("parts");

    assertEquals(0, run("distill", "split", "--data", data, "--out", parts, "--seed", "7"));
    assertEquals(50, Files.readAllLines(parts.resolve("train.jsonl")).size());
    assertEquals(15, Files.readAllLines(parts.resolve("calibrate.jsonl")).size());
    assertEquals(35, Files.readAllLines(parts.resolve("certify.jsonl")).size());
    try (Stream<Path> files = Files.list(parts)) {
      StringBuilder together = new StringBuilder();
      for (Path file : files.toList()) {
        together.append(Files.readString(file));
      }
      assertEquals(
          rows.toString().lines().sorted().toList(), together.toString().lines().sorted().toList());
    }
    assertEquals(Main.REFUSED, run("distill", "split", "--data", data, "--out", parts));
    Path other = directory.resolve("other");
    assertEquals(
        Main.REFUSED,
        run("distill", "split", "--data", data, "--out", other, "--parts", "a=0.5,b=0.6"));
    assertTrue(err.toString().contains("the shares add up to 1.1"), err.toString());
  }
}
