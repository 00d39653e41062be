package io.tierwise.student.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.student.SecondStudentTier;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.onnx.Graphs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two students in one artifact. */
class LineTest {
  private static final List<String> LABELS = List.of("greeting", "other");
  private static final Input TEXT = new Input.Text("hi");

  @TempDir private Path directory;

  private Artifact always(String name, List<String> labels, float... logits) throws IOException {
    byte[] graph =
        Graphs.bag(Map.of(), new float[] {1}, new float[][] {new float[logits.length]}, logits);
    return ArtifactWriter.write(
        directory.resolve(name),
        Artifacts.bag("support", labels),
        Map.of(ArtifactFiles.MODEL, graph));
  }

  private Artifact line(Artifact first, Artifact second, double lead) throws IOException {
    return ArtifactWriter.write(
        directory.resolve("line"),
        Artifacts.bag("support", LABELS),
        ArtifactWriter.inLine(first, second, lead));
  }

  @Test
  void eachAnswersForItselfUnderOneVersion() throws IOException {
    Artifact made =
        line(
            always("first", LABELS, 1, 0), always("second", List.of("other", "greeting"), 3, 0), 2);
    Artifact line = Artifact.open(made.directory());
    try (Student first = Student.load(line)) {
      Student second = first.second().orElseThrow();

      assertEquals(new Label("greeting"), first.predict(TEXT).label());
      assertArrayEquals(new double[] {1, 0}, first.predict(TEXT).logits(), 0);
      assertEquals(new Label("other"), second.predict(TEXT).label());
      assertArrayEquals(new double[] {3, 0}, second.predict(TEXT).logits(), 0);
      assertEquals(line.manifest().version(), first.version());
      assertEquals(line.manifest().version(), second.version());
      assertEquals(ConfidenceGrid.line(2), first.path());
      assertTrue(second.second().isEmpty());
    }
    assertEquals(
        List.of("lead.txt", "model.onnx", "second-manifest.json", "second-model.onnx"),
        line.manifest().files().stream().map(file -> file.name()).toList());
  }

  @Test
  void closesBoth() throws IOException {
    Student first =
        Student.load(line(always("first", LABELS, 1, 0), always("second", LABELS, 3, 0), 2));
    Student second = first.second().orElseThrow();
    first.close();
    assertThrows(IllegalStateException.class, () -> second.predict(TEXT));
  }

  @Test
  void aStudentAloneHasNoneBehindIt() throws IOException {
    try (Student alone = Student.load(always("alone", LABELS, 1, 0))) {
      assertTrue(alone.second().isEmpty());
      assertEquals(ConfidenceGrid.path(), alone.path());
      assertFalse(new SecondStudentTier(() -> Optional.of(alone), () -> 0).present());
      assertFalse(new SecondStudentTier(Optional::empty, () -> 0).present());
    }
  }

  @Test
  void theSecondMayReadOtherThings() throws IOException {
    Artifact vectors =
        ArtifactWriter.write(
            directory.resolve("vectors"),
            Artifacts.draft("support", Shape.MLP, "features/1", LABELS),
            Map.of(ArtifactFiles.MODEL, Graphs.linear(new float[][] {{1, 0}}, new float[] {0, 0})));
    try (Student first = Student.load(line(always("first", LABELS, 1, 0), vectors, 0))) {
      assertTrue(first.reads(TEXT));
      assertFalse(first.second().orElseThrow().reads(TEXT));
    }
  }

  @Test
  void refusesASecondForOtherLabels() throws IOException {
    Artifact first = always("first", LABELS, 1, 0);
    Artifact other = always("other", List.of("greeting", "else"), 1, 0);
    String message =
        assertThrows(InvalidValueException.class, () -> line(first, other, 0)).getMessage();
    assertTrue(
        message.endsWith(
            "second-manifest.json: it answers another task, or with other labels, than the first"
                + " of its line; put two students of one task in line"),
        message);
  }

  @Test
  void refusesALeadThatIsNone() throws IOException {
    Map<String, byte[]> files =
        new TreeMap<>(
            ArtifactWriter.inLine(
                always("first", LABELS, 1, 0), always("second", LABELS, 3, 0), 0));
    files.put(ArtifactFiles.LEAD, "much".getBytes(StandardCharsets.UTF_8));
    String message =
        assertThrows(
                InvalidValueException.class,
                () ->
                    ArtifactWriter.write(
                        directory.resolve("line"), Artifacts.bag("support", LABELS), files))
            .getMessage();
    assertTrue(
        message.endsWith("lead.txt: 'much' is no number; put the two in line again"), message);
    files.remove(ArtifactFiles.LEAD);
    message =
        assertThrows(
                InvalidValueException.class,
                () ->
                    ArtifactWriter.write(
                        directory.resolve("line"), Artifacts.bag("support", LABELS), files))
            .getMessage();
    assertTrue(message.contains("'lead.txt' is not among them"), message);
  }
}
