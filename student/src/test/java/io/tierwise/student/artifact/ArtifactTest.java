package io.tierwise.student.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactTest {
  @TempDir private Path directory;
  private Path artifact;
  private Path model;
  private Path manifest;

  @BeforeEach
  void writeOne() throws IOException {
    artifact = directory.resolve("artifact");
    Artifacts.unloadable(artifact, "support", 9);
    model = artifact.resolve("model.onnx");
    manifest = artifact.resolve("manifest.json");
  }

  @Test
  void opensWhatWasWritten() throws IOException {
    Artifact opened = Artifact.open(artifact);

    assertEquals(List.of("no", "yes"), opened.manifest().labels());
    assertEquals(Artifacts.MADE, opened.manifest().createdAt());
    assertEquals(new Calibration.Temperature(1), opened.manifest().calibration());
    assertEquals(Map.of("accuracy", 0.9375), opened.manifest().metrics());
    assertEquals(new Lineage("test", Map.of(), List.of(), "", 7, "1"), opened.manifest().lineage());
    assertArrayEquals(new byte[] {1, 2, 3, 9}, opened.read("model.onnx"));
  }

  @Test
  void theManifestIsTheSameTextForTheSameContent() throws IOException {
    Artifacts.unloadable(directory.resolve("again"), "support", 9);

    assertArrayEquals(
        Files.readAllBytes(manifest),
        Files.readAllBytes(directory.resolve("again").resolve("manifest.json")));
    assertEquals(
        """
        {
          "formatVersion" : 2,
          "task" : "support",
          "version" : "a8323fbef9a0",
          "shape" : "bag",
          "featurizer" : "bag/1",
          "labels" : [
            "no",
            "yes"
          ],
          "files" : [
            {
              "name" : "model.onnx",
              "bytes" : 4,
              "sha256" : "a745f3ca4f474d583c050eaf476ce76439d171ebe2b49d4af8b44f13ba71fb56"
            }
          ],
          "calibration" : {
            "kind" : "temperature",
            "temperature" : 1.0
          },
          "metrics" : {
            "accuracy" : 0.9375
          },
          "hardware" : "",
          "lineage" : {
            "job" : "test",
            "parameters" : { },
            "parents" : [ ],
            "dataSha256" : "",
            "seed" : 7,
            "codeVersion" : "1"
          },
          "createdAt" : "2026-01-31T12:00:00Z"
        }
        """,
        Files.readString(manifest));
  }

  @Test
  void theVersionChangesWithWhateverChangesAnAnswerAndWithNothingElse() throws IOException {
    String version = Artifact.open(artifact).manifest().version();

    assertNotEquals(
        version, Artifacts.unloadable(directory.resolve("b"), "support", 8).manifest().version());
    assertNotEquals(
        version, Artifacts.unloadable(directory.resolve("c"), "other", 9).manifest().version());
    ArtifactWriter.Draft draft = Artifacts.bag("support", List.of("no", "yes"));
    ArtifactWriter.Draft cooler =
        new ArtifactWriter.Draft(
            draft.task(),
            draft.shape(),
            draft.featurizer(),
            draft.labels(),
            new Calibration.Temperature(2),
            draft.metrics(),
            draft.lineage(),
            draft.createdAt());
    ArtifactWriter.Draft later =
        new ArtifactWriter.Draft(
            draft.task(),
            draft.shape(),
            draft.featurizer(),
            draft.labels(),
            draft.calibration(),
            Map.of("accuracy", 0.5),
            draft.lineage(),
            draft.createdAt().plusSeconds(1));
    Map<String, byte[]> files = Map.of("model.onnx", new byte[] {1, 2, 3, 9});
    assertNotEquals(
        version, ArtifactWriter.write(directory.resolve("d"), cooler, files).manifest().version());
    assertEquals(
        version, ArtifactWriter.write(directory.resolve("e"), later, files).manifest().version());
  }

  @Test
  void keepsAnIsotonicCalibration() throws IOException {
    ArtifactWriter.Draft draft = Artifacts.bag("support", List.of("no", "yes"));
    Calibration isotonic =
        new Calibration.Isotonic(1.5, List.of(0.25, 0.5, 0.75), List.of(0.1, 0.4, 0.9));
    Path path = directory.resolve("isotonic");
    ArtifactWriter.write(
        path,
        new ArtifactWriter.Draft(
            draft.task(),
            draft.shape(),
            draft.featurizer(),
            draft.labels(),
            isotonic,
            draft.metrics(),
            draft.lineage(),
            draft.createdAt()),
        Map.of("model.onnx", new byte[] {1}));

    Calibration read = Artifact.open(path).manifest().calibration();

    assertEquals(isotonic, read);
    assertEquals(isotonic, Calibration.of(read.calibrator()));
  }

  @Test
  void refusesAFileWithOneBitFlipped() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    bytes[2] ^= 1;
    Files.write(model, bytes);

    InvalidValueException refused = refusal();

    assertEquals(model.toString(), refused.field());
    assertEquals(
        "its SHA-256 is "
            + ArtifactFiles.sha256(bytes)
            + " and the manifest says "
            + ArtifactFiles.sha256(new byte[] {1, 2, 3, 9}),
        refused.trouble());
  }

  @Test
  void refusesAFlipThatHappenedAfterItWasOpened() throws IOException {
    Artifact opened = Artifact.open(artifact);
    Files.write(model, new byte[] {1, 2, 3, 8});

    assertThrows(InvalidValueException.class, () -> opened.read("model.onnx"));
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    Files.write(model, new byte[] {1, 2});

    InvalidValueException refused = refusal();

    assertEquals(model.toString(), refused.field());
    assertEquals("it has 2 bytes and the manifest says 4", refused.trouble());
  }

  @Test
  void refusesAMissingFile() throws IOException {
    Files.delete(model);

    InvalidValueException refused = refusal();

    assertEquals(model.toString(), refused.field());
    assertEquals("there is no such file", refused.trouble());
  }

  @Test
  void refusesADirectoryWithoutAManifest() throws IOException {
    Files.delete(manifest);

    InvalidValueException refused = refusal();

    assertEquals(manifest.toString(), refused.field());
    assertEquals("there is no such file", refused.trouble());
  }

  @Test
  void refusesAManifestOfANewerFormatBeforeAnythingElseInIt() throws IOException {
    Files.writeString(manifest, "{\"formatVersion\": 3, \"something\": \"new\"}");

    InvalidValueException refused = refusal();

    assertEquals(manifest + ".formatVersion", refused.field());
    assertEquals("3 is newer than 2, the newest that this build reads", refused.trouble());
  }

  @Test
  void opensAManifestOfTheOldestFormat() throws IOException {
    Manifest now = Artifact.open(artifact).manifest();
    replace("\"formatVersion\" : 2", "\"formatVersion\" : 1");
    replace("  \"hardware\" : \"\",\n", "");
    replace("    \"parameters\" : { },\n", "");

    assertEquals(now, Artifact.open(artifact).manifest());
  }

  @Test
  void whatWasMeasuredAfterwardsGoesIntoTheManifestAndKeepsTheVersion() throws IOException {
    Artifact before = Artifact.open(artifact);

    Artifact measured =
        ArtifactWriter.measured(before, Map.of("p50Micros", 12.5, "accuracy", 0.5), "a box");

    assertEquals(measured.manifest(), Artifact.open(artifact).manifest());
    assertEquals(before.manifest().version(), measured.manifest().version());
    assertEquals(Map.of("p50Micros", 12.5, "accuracy", 0.5), measured.manifest().metrics());
    assertEquals("a box", measured.manifest().hardware());
    assertTrue(measured.manifest().answersAs(before.manifest()));
  }

  @Test
  void refusesAFileThatTheManifestDoesNotList() throws IOException {
    Path other = Files.writeString(artifact.resolve("notes.txt"), "hello");

    InvalidValueException refused = refusal();

    assertEquals(other.toString(), refused.field());
    assertEquals("the manifest does not list it", refused.trouble());
  }

  @Test
  void whatAKillLeftOfAFileIsNoPartOfTheArtifact() throws IOException {
    Files.writeString(DurableFiles.partial(manifest), "half");

    Artifact.open(artifact);
  }

  @ParameterizedTest
  @CsvSource({"bag/1, bag/2", "bag/1, bge-small-en-v15-q/1"})
  void refusesAnotherFeaturizerThanItsOwn(String from, String to) throws IOException {
    replace(from, to);

    InvalidValueException refused = refusal();

    assertEquals(manifest + ".featurizer", refused.field());
    assertEquals("'" + to + "' is not what this build computes, bag/1", refused.trouble());
  }

  @ParameterizedTest
  @CsvSource({"\"yes\", \"yep\"", "1.0, 1.5", "support, sales"})
  void refusesAManifestThatWasEdited(String from, String to) throws IOException {
    replace(from, to);

    assertEquals(manifest + ".version", refusal().field());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"bag\"|\"bog\"|.shape",
        "\"task\"|\"tusk\"|.task",
        "\"yes\"|\"no\"|.task.labels",
        "4,|4.5,|.files[0].bytes",
        "\"model.onnx\"|\"../x.onnx\"|.files[0].name",
        "temperature\",|warmth\",|.calibration",
        "2026-01-31T|yesterday|.createdAt",
        "\"version\"|\"task\"|''"
      })
  void refusesAManifestThatIsWrongAndNamesTheField(String from, String to, String field)
      throws IOException {
    replace(from, to);

    assertEquals(manifest + field, refusal().field());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "null", "{} {}"})
  void refusesWhatIsNoManifest(String content) throws IOException {
    Files.writeString(manifest, content);

    assertThrows(InvalidValueException.class, () -> Artifact.open(artifact));
  }

  @Test
  void neverWritesOverAnArtifact() {
    assertThrows(
        FileAlreadyExistsException.class, () -> Artifacts.unloadable(artifact, "support", 1));
  }

  @Test
  void writesAgainAfterAWriteThatWasKilledHalfWay() throws IOException {
    Path target = directory.resolve("second");
    Path partial = Files.createDirectory(DurableFiles.partial(target));
    Files.write(partial.resolve("model.onnx"), new byte[] {1});
    assertFalse(Files.exists(target));

    Artifacts.unloadable(target, "support", 9);

    Artifact.open(target);
    assertFalse(Files.exists(partial));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../model.onnx", "/etc/passwd", "a/b", "", ".hidden", "manifest.json"})
  void refusesAFileNameThatIsNoPlainName(String name) {
    assertThrows(
        InvalidValueException.class,
        () ->
            ArtifactWriter.write(
                directory.resolve("named"),
                Artifacts.bag("support", List.of("no", "yes")),
                Map.of("model.onnx", new byte[] {1}, name, new byte[] {1})));
  }

  @Test
  void refusesAMetricThatIsNoNumber() {
    ArtifactWriter.Draft draft = Artifacts.bag("support", List.of("no", "yes"));

    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () ->
                ArtifactWriter.write(
                    directory.resolve("nan"),
                    new ArtifactWriter.Draft(
                        draft.task(),
                        draft.shape(),
                        draft.featurizer(),
                        draft.labels(),
                        draft.calibration(),
                        Map.of("ece", Double.NaN),
                        draft.lineage(),
                        draft.createdAt()),
                    Map.of("model.onnx", new byte[] {1})));
    assertEquals("metrics.ece", refused.field());
  }

  private InvalidValueException refusal() {
    return assertThrows(InvalidValueException.class, () -> Artifact.open(artifact));
  }

  private void replace(String from, String to) throws IOException {
    String text = Files.readString(manifest);
    assertNotEquals(text, text.replace(from, to), "the manifest holds no " + from);
    Files.write(manifest, text.replace(from, to).getBytes(UTF_8));
  }
}
