package io.tierwise.distill.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Kept;
import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.encoder.WordPieces;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every job on texts whose label is the colour in them: the answer is known. */
class EncoderJobsTest {
  private static final Task.Classification TASK = Tiny.task("red", "blue");
  private static final List<Answered> TRAIN = Tiny.texts(160, 1, "red", "blue");
  private static final List<Answered> TEST = Tiny.texts(100, 2, "red", "blue");

  @TempDir private static Path directory;
  private static SentenceEncoder encoder;
  private static Workshop workshop;
  private static Artifact teacher;

  @BeforeAll
  static void trainATeacherOfThreeLayers() throws IOException {
    encoder = SentenceEncoder.bgeSmall(1);
    workshop = Tiny.workshop(encoder, directory.resolve("cache"));
    teacher = Tiny.trained(directory.resolve("teacher"), 3, TASK, TRAIN);
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void learnsWhichWordDecides() throws IOException {
    assertEquals(1, accuracy(teacher, TEST));
  }

  @Test
  void answersABatchAsItAnswersEachTextAlone() throws IOException {
    try (Student student = Student.load(teacher)) {
      List<Prediction> together = student.predict(inputs(TEST));
      for (int i = 0; i < TEST.size(); i++) {
        assertArrayEquals(
            student.predict(inputs(TEST).get(i)).logits(), together.get(i).logits(), 1e-5);
      }
    }
  }

  @Test
  void answersManyCallersAtOnceAndNoneAfterItIsClosed() throws IOException {
    Student student = Student.load(teacher);
    List<Label> alone = student.predict(inputs(TEST)).stream().map(Prediction::label).toList();
    List<Label> atOnce =
        inputs(TEST).parallelStream().map(student::predict).map(Prediction::label).toList();
    assertEquals(alone, atOnce);
    student.close();
    assertThrows(IllegalStateException.class, () -> student.predict(inputs(TEST).getFirst()));
  }

  @Test
  void refusesAnEncoderWhoseTokenizerWasChanged() throws IOException {
    Artifact copy = CalibrateJob.run(teacher, TEST, directory.resolve("changed"), Tiny.CLOCK);
    Path tokenizer = copy.directory().resolve(WordPieces.FILE);
    String json = Files.readString(tokenizer);
    Files.writeString(tokenizer, json.replace("house", "mouse"));
    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> Artifact.open(copy.directory()));
    assertTrue(refused.field().endsWith(WordPieces.FILE), refused.field());
  }

  @Test
  void distilsFewerLayersThatAnswerAsTheTeacherDoes() throws IOException {
    Artifact student = distilled(directory.resolve("distilled"), "cache");
    assertEquals(2, EncoderModel.open(student).weights().layers());
    assertEquals(List.of(teacher.manifest().version()), student.manifest().lineage().parents());
    assertTrue(accuracy(student, TEST) >= 0.98);
    assertTrue(student.manifest().metrics().get("exportDifference") < 1e-5);
  }

  @Test
  void makesTheSameBytesFromTheSameSeedAlsoWithoutItsCache() throws IOException {
    Artifact first = distilled(directory.resolve("first"), "cache-1");
    Artifact second = distilled(directory.resolve("second"), "cache-2");
    assertArrayEquals(
        Files.readAllBytes(first.directory().resolve(ArtifactFiles.MODEL)),
        Files.readAllBytes(second.directory().resolve(ArtifactFiles.MODEL)));
    assertEquals(first.manifest().version(), second.manifest().version());
  }

  @Test
  void quantizesToBytesThatAgree() throws IOException {
    Artifact dynamic =
        QuantizeEncoderJob.run(
            teacher,
            QuantizeEncoderJob.Spec.dynamic(),
            TRAIN,
            directory.resolve("dynamic"),
            Tiny.CLOCK,
            workshop.progress());
    Artifact fixed =
        QuantizeEncoderJob.run(
            teacher,
            QuantizeEncoderJob.Spec.fixed(),
            TRAIN,
            directory.resolve("static"),
            Tiny.CLOCK,
            workshop.progress());
    for (Artifact quantized : List.of(dynamic, fixed)) {
      assertEquals(1, quantized.manifest().metrics().get("agreementWithParent"));
      assertTrue(quantized.manifest().metrics().get("bytesShare") < 1);
      assertEquals(1, accuracy(quantized, TEST));
      assertThrows(InvalidValueException.class, () -> EncoderModel.open(quantized));
    }
  }

  @Test
  void aQuantizedTextDoesNotDependOnTheTextsBesideIt() throws IOException {
    Artifact dynamic =
        QuantizeEncoderJob.run(
            teacher,
            QuantizeEncoderJob.Spec.dynamic(),
            TRAIN,
            directory.resolve("alone"),
            Tiny.CLOCK,
            workshop.progress());
    try (Student student = Student.load(dynamic)) {
      List<Prediction> together = student.predict(inputs(TEST));
      for (int i = 0; i < TEST.size(); i++) {
        assertArrayEquals(
            student.predict(inputs(TEST).get(i)).logits(), together.get(i).logits(), 1e-3);
      }
    }
  }

  @Test
  void prunesUnitsAndHeadsSoThatTheMatricesAreSmaller() throws IOException {
    Artifact pruned =
        PruneEncoderJob.run(
            teacher,
            new PruneEncoderJob.Spec(
                Optional.of(new Kept(0.25)),
                Optional.of(new Kept(1)),
                new Training(4, 16, 2e-3f, 0),
                1),
            TRAIN,
            directory.resolve("pruned"),
            Tiny.CLOCK,
            workshop.progress());
    EncoderWeights weights = EncoderModel.open(pruned).weights();
    assertEquals(6, weights.units(0));
    assertEquals(6, weights.units(2));
    assertEquals(1, weights.heads(0));
    assertEquals(1, weights.heads(2));
    assertArrayEquals(new long[] {16, 24}, weights.parameter("layer.1.attention.weight").shape());
    assertTrue(accuracy(pruned, TEST) >= 0.98);
    assertTrue(
        Files.size(pruned.directory().resolve(ArtifactFiles.MODEL))
            < Files.size(teacher.directory().resolve(ArtifactFiles.MODEL)));
  }

  @Test
  void removesTheUnitsThatNeverMoveTheOutput() {
    EncoderWeights weights = Tiny.model(1, 2, 5).weights();
    double[] squares = new double[24];
    squares[3] = 2;
    squares[17] = 1;
    double[] importance = Contributions.unitImportance(weights, 0, squares);
    assertEquals(0, importance[0]);
    assertTrue(importance[3] > 0 && importance[17] > 0);
    EncoderWeights pruned = EncoderSurgery.units(weights, 0, new int[] {3, 17});
    assertEquals(2, pruned.units(0));
    float[] before = weights.parameter("layer.0.shrink.weight").values();
    float[] after = pruned.parameter("layer.0.shrink.weight").values();
    assertEquals(before[17 * 16 + 5], after[16 + 5]);
  }

  @Test
  void aHeadThatSaysNothingIsTheOneRemovedAndNoOutputChanges() throws IOException {
    EncoderModel model = Tiny.model(2, 2, 5);
    EncoderWeights weights = silenced(model.weights(), 0, 1);
    int[][] tokens = model.tokens(TEST);
    Contributions seen = Contributions.measure(weights, tokens, workshop.progress());
    assertEquals(0, seen.heads(0)[1]);
    assertTrue(seen.heads(0)[0] > 0 && seen.heads(1)[1] > 0);
    EncoderWeights pruned = EncoderSurgery.heads(weights, 0, Contributions.most(seen.heads(0), 1));
    assertEquals(1, pruned.heads(0));
    assertEquals(2, pruned.heads(1));
    assertArrayEquals(new long[] {8, 16}, pruned.parameter("layer.0.context.weight").shape());
    try (EncoderRunner whole = new EncoderRunner(weights);
        EncoderRunner fewer = new EncoderRunner(pruned)) {
      float[][] before = whole.logits(tokens, workshop.progress());
      float[][] after = fewer.logits(tokens, workshop.progress());
      for (int text = 0; text < tokens.length; text++) {
        assertArrayEquals(before[text], after[text], 1e-6f);
      }
    }
    Artifact written =
        new EncoderExport("test", Map.of(), TASK, 1, Tiny.CLOCK)
            .write(model.with(pruned), TEST, Map.of(), directory.resolve("silenced"));
    assertTrue(written.manifest().metrics().get("exportDifference") < 1e-5);
    assertEquals(1, EncoderModel.open(written).weights().heads(0));
  }

  /** With a head whose values are zero, whatever it reads. */
  private static EncoderWeights silenced(EncoderWeights weights, int layer, int head) {
    String attention = EncoderWeights.layer(layer, EncoderWeights.ATTENTION);
    float[] matrix = weights.parameter(attention + ".weight").values().clone();
    float[] bias = weights.parameter(attention + ".bias").values().clone();
    int width = weights.dimensions();
    for (int d = 0; d < weights.headSize(); d++) {
      int column = 2 * width + head * weights.headSize() + d;
      bias[column] = 0;
      for (int row = 0; row < width; row++) {
        matrix[row * 3 * width + column] = 0;
      }
    }
    return weights.with(
        Map.of(
            attention + ".weight", new Parameter(matrix, width, 3L * width),
            attention + ".bias", new Parameter(bias, 3L * width)));
  }

  @Test
  void learnsANewClassFromAStreamAndKeepsTheOld() throws IOException {
    List<Answered> arriving = Tiny.texts(320, 5, "green");
    List<Answered> newTest = Tiny.texts(50, 6, "green");
    Artifact updated =
        UpdateJob.run(
            teacher,
            new UpdateJob.Spec(8, 8, 3e-3f, 1),
            arriving,
            TRAIN,
            directory.resolve("updated"),
            workshop);
    assertEquals(List.of("red", "blue", "green"), updated.manifest().labels());
    assertTrue(accuracy(updated, newTest) >= 0.98);
    assertTrue(accuracy(updated, TEST) >= 0.98);
  }

  @Test
  void showsEveryArrivalOnceInItsOrder() {
    List<int[]> stream = UpdateJob.stream(new UpdateJob.Spec(2, 3, 1e-3f, 1), 5, 10);
    List<Integer> fresh = new ArrayList<>();
    for (int[] batch : stream) {
      for (int i = 0; i < batch.length; i++) {
        if (batch[i] < 5) {
          fresh.add(batch[i]);
        } else {
          assertTrue(batch[i] < 15);
        }
      }
    }
    assertEquals(List.of(0, 1, 2, 3, 4), fresh);
    assertEquals(4, stream.getLast().length);
  }

  @Test
  void calibrationKeepsTheTokenizer() throws IOException {
    Artifact calibrated =
        CalibrateJob.run(teacher, TEST, directory.resolve("calibrated"), Tiny.CLOCK);
    assertArrayEquals(Tiny.tokenizer(), calibrated.read(WordPieces.FILE));
    assertEquals(1, accuracy(calibrated, TEST));
  }

  private Artifact distilled(Path to, String cache) throws IOException {
    EncoderSpec spec =
        new EncoderSpec(
            TASK,
            1,
            List.of(0, 2),
            0,
            12,
            new Training(5, 16, 3e-3f, 0),
            new Training(5, 16, 3e-3f, 0.1f),
            0.5f,
            2);
    return EncoderJob.run(
        spec, TRAIN, Optional.of(teacher), to, Tiny.workshop(encoder, directory.resolve(cache)));
  }

  private static List<Input> inputs(List<Answered> texts) {
    return texts.stream().<Input>map(each -> new Input.Text(each.text())).toList();
  }

  private static double accuracy(Artifact artifact, List<Answered> texts) throws IOException {
    try (Student student = Student.load(artifact)) {
      List<Label> labels = student.predict(inputs(texts)).stream().map(Prediction::label).toList();
      int right = 0;
      for (int i = 0; i < labels.size(); i++) {
        right += labels.get(i).equals(texts.get(i).label()) ? 1 : 0;
      }
      return (double) right / labels.size();
    }
  }
}
