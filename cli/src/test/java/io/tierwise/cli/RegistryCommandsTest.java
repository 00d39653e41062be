package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.SigningKey;
import io.tierwise.student.registry.DirectoryRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tierwise registry …} on a registry of three versions. */
class RegistryCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<String> versions = new ArrayList<>();

  private int run(Object... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            Stream.concat(
                    Stream.concat(Stream.of("registry"), Stream.of(arguments)),
                    Stream.of("--registry", root()))
                .map(Object::toString)
                .toArray(String[]::new));
  }

  private Path root() {
    return directory.resolve("registry");
  }

  @BeforeEach
  void publishThree() throws IOException {
    DirectoryRegistry registry = new DirectoryRegistry(root(), Clock.systemUTC());
    for (int i = 0; i < 3; i++) {
      ArtifactWriter.Draft draft = Artifacts.bag("support", List.of("no", "yes"));
      Path source = directory.resolve("source-" + i);
      ArtifactWriter.write(
          source,
          new ArtifactWriter.Draft(
              draft.task(),
              draft.shape(),
              draft.featurizer(),
              i == 2 ? List.of("no", "maybe") : draft.labels(),
              new Calibration.Temperature(1.5),
              Map.of("accuracy", 0.9 + i / 100.0),
              new Lineage(
                  "distill", Map.of("epochs", "" + (i + 1)), List.of(), "ab".repeat(32), i, "1"),
              Artifacts.MADE.plus(Duration.ofDays(i))),
          Map.of(ArtifactFiles.MODEL, new byte[] {1, 2, (byte) i}));
      versions.add(registry.publish(source).manifest().version());
      registry.point("support", "live", versions.get(i), "version " + i);
    }
  }

  @Test
  void listsTheVersionsWithTheirAliasesAndFigures() throws IOException {
    assertEquals(0, run("list"));
    List<String> lines = out.toString().lines().toList();
    assertEquals(4, lines.size(), out.toString());
    assertTrue(
        lines
            .get(3)
            .matches(
                "support +"
                    + versions.get(2)
                    + " +live +distill +3  2026-02-02T12:00:00Z  accuracy 0\\.92"),
        lines.get(3));
    assertTrue(lines.get(2).contains(" previous "), lines.get(2));

    assertEquals(0, run("list", "support", "--json"));
    JsonNode json = JSON.readTree(out.toString());
    assertEquals(3, json.path("versions").size());
    JsonNode first = json.path("versions").path(0);
    assertEquals(versions.getFirst(), first.path("version").asText());
    assertEquals(0, first.path("aliases").size());
    assertEquals(0.9, first.path("metrics").path("accuracy").asDouble());

    assertEquals(0, run("list", "nothing"));
    assertTrue(out.toString().startsWith("Nothing is published for nothing yet"), out.toString());
  }

  @Test
  void listsWhatIsDamagedAsRefused() throws IOException {
    Path manifest =
        root().resolve("support/versions").resolve(versions.get(0)).resolve("manifest.json");
    Files.writeString(manifest, "{");

    assertEquals(0, run("list"));
    assertTrue(out.toString().contains("refused: " + manifest), out.toString());
    assertEquals(Main.REFUSED, run("show", "support", versions.get(0)));
    assertTrue(err.toString().contains(manifest.toString()), err.toString());
  }

  @Test
  void showsAVersionByItsNameOrAnAlias() throws IOException {
    assertEquals(0, run("show", "support", "live"));
    String text = out.toString();
    assertTrue(text.startsWith("support " + versions.get(2) + " (live)\n"), text);
    assertTrue(text.contains("job.epochs                  3\n"), text);
    assertTrue(text.contains("metric.accuracy             0.92\n"), text);
    assertTrue(text.contains("labels: no, maybe\n"), text);

    assertEquals(0, run("show", "support", versions.get(1), "--json"));
    JsonNode json = JSON.readTree(out.toString());
    assertEquals(1, out.toString().lines().count());
    assertEquals("ab".repeat(32), json.path("lineage").path("dataSha256").asText());
    assertEquals("previous", json.path("aliases").path(0).asText());

    assertEquals(Main.REFUSED, run("show", "support", "canary"));
    assertTrue(
        err.toString()
            .startsWith(
                "tierwise: version: 'canary' is neither a version nor an alias of task 'support';"),
        err.toString());
    assertEquals(Main.REFUSED, run("show", "sales", "live"));
    assertTrue(err.toString().contains("name a task of [support]"), err.toString());
  }

  @Test
  void setsTwoVersionsSideBySideAndMarksWhatIsDifferent() throws IOException {
    assertEquals(0, run("diff", "support", "previous", "live"));
    String text = out.toString();
    assertTrue(text.lines().anyMatch(line -> line.matches("\\* job\\.epochs +2 +3")), text);
    assertTrue(text.lines().anyMatch(line -> line.matches("  job +distill +distill")), text);
    assertTrue(
        text.lines().anyMatch(line -> line.matches("\\* labels only here +yes +maybe")), text);

    assertEquals(0, run("diff", "support", "previous", "live", "--json"));
    JsonNode json = JSON.readTree(out.toString());
    assertEquals(versions.get(1), json.path("one").asText());
    for (JsonNode row : json.path("rows")) {
      assertEquals(
          !row.path("one").asText().equals(row.path("other").asText()),
          row.path("different").asBoolean());
    }
  }

  @Test
  void promotesRollsBackAndRemembersWhy() throws IOException {
    assertEquals(
        0, run("promote", "support", versions.get(0), "--alias", "canary", "--reason", "a trial"));
    assertEquals("canary of support is now " + versions.get(0) + "\n", out.toString());
    assertEquals(0, run("promote", "support", "canary", "--reason", "it did well"));
    assertTrue(
        out.toString()
            .startsWith("live of support is now " + versions.get(0) + "\nIt answers once"),
        out.toString());
    assertEquals(0, run("promote", "support", "canary", "--reason", "once more"));
    assertEquals(
        "live of support is " + versions.get(0) + " already; nothing moved\n", out.toString());

    assertEquals(0, run("rollback", "support", "--reason", "incident 7"));
    assertTrue(
        out.toString()
            .startsWith(
                "live of support is now "
                    + versions.get(2)
                    + ", and previous "
                    + versions.get(0)
                    + "\n"),
        out.toString());

    assertEquals(0, run("history", "support", "--json"));
    JsonNode moves = JSON.readTree(out.toString()).path("moves");
    assertEquals(6, moves.size());
    assertEquals("rollback: incident 7", moves.path(5).path("reason").asText());
    assertEquals(0, run("history", "support"));
    assertEquals(6, out.toString().lines().count());
  }

  @Test
  void promotingNeedsAReasonAndAVersionThatIsThere() {
    assertEquals(2, run("promote", "support", versions.get(0)));
    assertEquals(
        Main.REFUSED, run("promote", "support", "0123456789ab", "--reason", "a slip of the hand"));
    assertTrue(
        err.toString()
            .startsWith(
                "tierwise: version: '0123456789ab' of task 'support' is not in the registry "),
        err.toString());
    assertEquals(
        2, run("promote", "support", versions.get(0), "--alias", "previous", "--reason", "no"));
  }

  @Test
  void clearsUpWhatNothingNames() throws IOException {
    assertEquals(0, run("gc", "support", "--keep", 1, "--dry-run"));
    assertTrue(
        out.toString().endsWith("2 kept, 1 would be removed, " + bytes(0) + " bytes\n"),
        out.toString());
    assertEquals(3, new DirectoryRegistry(root(), Clock.systemUTC()).versions("support").size());

    assertEquals(0, run("gc", "support", "--keep", 1, "--json"));
    JsonNode json = JSON.readTree(out.toString());
    assertFalse(json.path("dryRun").asBoolean(true));
    assertTrue(json.path("removed").has(versions.get(0)));
    assertEquals("live", json.path("kept").path(versions.get(2)).asText());
    assertEquals(2, new DirectoryRegistry(root(), Clock.systemUTC()).versions("support").size());

    assertEquals(2, run("gc", "support"));
    assertEquals(Main.REFUSED, run("gc", "sales", "--keep", 1));
    assertEquals(Main.REFUSED, run("gc", "support", "--keep", -1));
  }

  private long bytes(int version) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory.resolve("source-" + version))) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  @Test
  void aRegistryOfANewerFormatIsRefusedWithTheFix() throws IOException {
    Files.writeString(root().resolve(".format"), "3\n");

    assertEquals(Main.REFUSED, run("list"));
    assertEquals(
        "tierwise: "
            + root().resolve(".format")
            + ": the registry's format 3 is newer than 2, the newest that this build reads; update"
            + " Tierwise on this machine to the version that wrote it\n",
        err.toString());
  }

  @Test
  void theConfigurationSaysWhomToTrustInEveryRegistry() throws IOException {
    Path secret = directory.resolve("key.pem");
    String trusted = SigningKey.make(secret);
    Path config =
        Files.writeString(
            directory.resolve("tierwise.yaml"),
            """
            data: %s
            trust: {artifactKeys: [%s]}
            upstreams: {gpt: {url: 'http://127.0.0.1:1'}}
            tasks:
              - {name: support, labels: [no, yes], large: {upstream: gpt, price: gpt-4o}}
            """
                .formatted(directory.resolve("data"), trusted));
    String unsigned = "manifest.sig: there is none, and only signed artifacts are taken";

    assertEquals(
        Main.REFUSED,
        run("promote", "support", versions.get(0), "--reason", "old", "--config", config));
    assertTrue(err.toString().contains(unsigned), err.toString());

    Path student = directory.resolve("source-0");
    assertEquals(Main.REFUSED, publish(student, config));
    assertTrue(err.toString().contains(unsigned), err.toString());
    SigningKey.read(secret).sign(Artifact.open(student));
    assertEquals(0, publish(student, config), err::toString);
    assertEquals(
        0, run("promote", "support", versions.get(0), "--reason", "again", "--config", config));

    assertEquals(Main.REFUSED, run("list", "--config", directory.resolve("nowhere.yaml")));
  }

  private int publish(Path student, Path config) {
    err.getBuffer().setLength(0);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            "distill",
            "publish",
            "--task",
            "support",
            "--artifact",
            student.toString(),
            "--registry",
            root().toString(),
            "--config",
            config.toString());
  }

  @Test
  void aBucketIsNamedByItsUrl() {
    int code =
        Main.commandLine()
            .setErr(new PrintWriter(err, true))
            .execute("registry", "list", "--registry", "s3://");
    assertEquals(Main.REFUSED, code);
    assertEquals(
        "tierwise: registry: 's3://' names no bucket; write s3://BUCKET/PREFIX\n", err.toString());
  }
}
