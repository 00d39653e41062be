package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Corpora;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillJobTest {
  @TempDir private static Path cache;
  private static SentenceEncoder encoder;

  @TempDir private Path directory;

  @BeforeAll
  static void open() throws IOException {
    encoder = SentenceEncoder.bgeSmall(1);
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void aStudentLearnsTheTaskAndSaysWhereItIsFrom() throws IOException {
    List<Answered> examples = Corpora.separable(120, 1);

    Artifact artifact = distil(DistillSpec.of(Corpora.DESK, 7), examples, "student");

    assertEquals(Shape.BAG, artifact.manifest().shape());
    assertEquals(List.of("access", "delivery", "invoice", "refund"), artifact.manifest().labels());
    assertEquals("distill", artifact.manifest().lineage().job());
    assertEquals(7, artifact.manifest().lineage().seed());
    assertEquals(DataHash.of(examples), artifact.manifest().lineage().dataSha256());
    assertEquals(Corpora.CLOCK.instant(), artifact.manifest().createdAt());
    assertEquals(120, artifact.manifest().metrics().get("trainingTexts"));
    assertTrue(artifact.manifest().metrics().get("exportDifference") <= 1e-5);
    assertEquals(40, agreements(artifact, Corpora.separable(40, 2)));
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    List<Answered> examples = Corpora.separable(60, 1);

    Artifact once = distil(DistillSpec.of(Corpora.DESK, 1), examples, "once");
    Artifact again = distil(DistillSpec.of(Corpora.DESK, 1), examples, "again");
    Artifact other = distil(DistillSpec.of(Corpora.DESK, 2), examples, "other");

    assertEquals(once.manifest().version(), again.manifest().version());
    assertArrayEquals(once.read("model.onnx"), again.read("model.onnx"));
    assertNotEquals(once.manifest().version(), other.manifest().version());
  }

  @Test
  void moreClassesThanColumnsAreLearntToo() throws IOException {
    List<Label> labels = IntStream.range(0, 40).mapToObj(i -> new Label("label-" + i)).toList();
    List<Answered> examples = new ArrayList<>();
    for (int i = 0; i < 160; i++) {
      examples.add(Answered.with("topic" + i % 40 + "x number " + i, labels.get(i % 40)));
    }
    DistillSpec spec = new DistillSpec(new Task.Classification("many", labels), 1, 2, 20, 32, 0, 1);

    Artifact artifact = distil(spec, examples, "student");

    int agreed = agreements(artifact, examples);
    assertTrue(agreed >= 155, agreed + " of 160");
  }

  @Test
  void refusesWhatTeachesNothing() {
    Answered one = Answered.with("a refund", new Label("refund"));
    Answered same = Answered.with("a refund", new Label("invoice"));
    Answered alike = Answered.with("my money back", new Label("refund"));

    String fix = " teach nothing; gather more of the large model's answers first";
    assertRefused("examples: 0 different texts with 0 different answers" + fix, List.of());
    assertRefused("examples: 1 different texts with 2 different answers" + fix, List.of(one, same));
    assertRefused(
        "examples: 2 different texts with 1 different answers" + fix, List.of(one, alike));
    assertRefused(
        "reference: 'spam' is not a label of the task; add it to the labels, or leave the row out",
        List.of(one, Answered.with("win a prize", new Label("spam"))));
  }

  @Test
  void refusesADirectoryThatIsThereBeforeAnyWork() throws IOException {
    Path there = Files.createDirectory(directory.resolve("there"));
    List<String> stages = new ArrayList<>();

    assertThrows(
        FileAlreadyExistsException.class,
        () ->
            DistillJob.run(
                DistillSpec.of(Corpora.DESK, 1),
                Corpora.separable(20, 1),
                there,
                workshop((stage, done, total) -> stages.add(stage))));

    assertEquals(List.of(), stages);
  }

  @Test
  void aSpecNamesItsBadField() {
    assertEquals(
        "temperature: 0.0 is no temperature; give a finite number above 0",
        assertThrows(
                InvalidValueException.class,
                () -> new DistillSpec(Corpora.DESK, 1, 3, 6, 32, 0.3f, 0))
            .getMessage());
    assertEquals(
        "softShare",
        assertThrows(
                InvalidValueException.class,
                () -> new DistillSpec(Corpora.DESK, 1, 3, 6, 32, 1.5f, 1))
            .field());
  }

  private void assertRefused(String message, List<Answered> examples) {
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> distil(DistillSpec.of(Corpora.DESK, 1), examples, "refused"));
    assertEquals(message, refused.getMessage());
    assertFalse(Files.exists(directory.resolve("refused")));
  }

  private Artifact distil(DistillSpec spec, List<Answered> examples, String name)
      throws IOException {
    return DistillJob.run(spec, examples, directory.resolve(name), workshop(Progress.SILENT));
  }

  private static DistillJob.Workshop workshop(Progress progress) {
    return new DistillJob.Workshop(encoder, Corpora.VOCABULARY, cache, Corpora.CLOCK, progress);
  }

  private static int agreements(Artifact artifact, List<Answered> texts) throws IOException {
    try (Student student = Student.load(artifact)) {
      return (int)
          texts.stream()
              .filter(answered ->
                  student.predict(new Input.Text(answered.text())).label().equals(answered.label()))
              .count();
    }
  }
}
