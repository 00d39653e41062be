package io.tierwise.student.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.onnx.Graphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudentTest {
  /** Bucket of the word "hi", the first of its bag. */
  private static final int HI = new BagFeaturizer().featurize("hi").buckets()[0];

  private static final List<String> LABELS = List.of("greeting", "other");

  @TempDir private Path directory;

  @Test
  void aBagAnswersWithTheWeightsOfItsWords() throws IOException {
    try (Student student = Student.load(greeter())) {
      Prediction prediction = student.predict(new Input.Text("Hi"));

      // Row 100 times scale 0.02 is 2 for "hi", at the word's weight; the bias speaks for "other".
      double weight = new BagFeaturizer().featurize("hi").weights()[0];
      double logit = 2 * weight;
      double greeting = 1 / (1 + Math.exp(0.5 - logit));
      assertEquals(new Label("greeting"), prediction.label());
      assertArrayEquals(new double[] {logit, 0.5}, prediction.logits(), 1e-6);
      assertEquals(greeting, prediction.distribution().probability(0), 1e-6);
      assertEquals(greeting, prediction.confidence().value(), 1e-6);
    }
  }

  @Test
  void aBagKnowsNothingOfOtherWords() throws IOException {
    try (Student student = Student.load(greeter())) {
      Prediction prediction = student.predict(new Input.Text("where is it"));

      assertEquals(new Label("other"), prediction.label());
      assertArrayEquals(new double[] {0, 0.5}, prediction.logits(), 0);
    }
  }

  @Test
  void aBatchAnswersAsItsTextsDoOneByOne() throws IOException {
    List<Input> inputs =
        IntStream.range(0, 150)
            .<Input>mapToObj(i -> new Input.Text("hi " + "there ".repeat(i % 7) + i))
            .toList();
    try (Student student = Student.load(greeter())) {
      List<Prediction> batch = student.predict(inputs);

      assertEquals(150, batch.size());
      for (int i = 0; i < inputs.size(); i++) {
        assertArrayEquals(
            student.predict(inputs.get(i)).logits(), batch.get(i).logits(), 1e-6, "text " + i);
      }
      assertEquals(List.of(), student.predict(List.of()));
    }
  }

  @Test
  void anMlpReadsTheCallersOwnVectors() throws IOException {
    try (Student student = Student.load(mlp())) {
      Prediction prediction = student.predict(new Input.Features(new float[] {1, 2}));

      assertArrayEquals(new double[] {1, -2}, prediction.logits(), 0);
      assertEquals(new Label("greeting"), prediction.label());
    }
  }

  @Test
  void aStudentSaysWhatItReads() throws IOException {
    Input text = new Input.Text("hi");
    Input two = new Input.Features(new float[2]);
    Input three = new Input.Features(new float[3]);
    try (Student bag = Student.load(greeter());
        Student mlp = Student.load(mlp())) {
      assertTrue(bag.reads(text));
      assertFalse(bag.reads(two));
      assertFalse(mlp.reads(text));
      assertTrue(mlp.reads(two));
      assertFalse(mlp.reads(three));
      assertEquals(
          "input", assertThrows(InvalidValueException.class, () -> mlp.predict(three)).field());
    }
  }

  @Test
  void refusesAGraphWithAnotherNumberOfClasses() throws IOException {
    Artifact artifact =
        write("three", Artifacts.bag("t", List.of("a", "b", "c")), bag(new float[] {0, 0.5f}));

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> Student.load(artifact));
    assertEquals(artifact.directory().resolve("model.onnx").toString(), refused.field());
    assertEquals(
        "the graph does not fit the manifest: it answers [1, 2] for 1 inputs and 3 labels",
        refused.trouble());
  }

  @Test
  void refusesAGraphWithOtherInputs() throws IOException {
    byte[] linear = Graphs.linear(new float[][] {{1, 0}, {0, 1}}, new float[2]);
    Artifact artifact = write("linear", Artifacts.bag("t", LABELS), linear);

    assertThrows(InvalidValueException.class, () -> Student.load(artifact));
  }

  @Test
  void refusesAGraphThatAnswersNoNumber() throws IOException {
    Artifact artifact = write("nan", Artifacts.bag("t", LABELS), bag(new float[] {0, Float.NaN}));

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> Student.load(artifact));
    assertEquals("the graph does not fit the manifest: a logit is NaN", refused.trouble());
  }

  @Test
  void readsTextsThroughTheEncoderThatItIsTheHeadOf() throws IOException {
    float[][] weights = new float[384][2];
    weights[0] = new float[] {1, -1};
    byte[] linear = Graphs.linear(weights, new float[2]);
    Artifact artifact = write("head", Artifacts.encoderHead("t", LABELS), linear);

    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(1).remembering(1)) {
      float first = encoder.encode("I want my money back")[0];
      try (Student lent = Student.load(artifact, encoder);
          Student own = Student.load(artifact)) {
        Input text = new Input.Text("I want my money back");
        assertTrue(own.reads(text));
        assertFalse(own.reads(new Input.Features(new float[384])));
        assertArrayEquals(new double[] {first, -first}, own.predict(text).logits(), 1e-6);
        assertArrayEquals(own.predict(text).logits(), lent.predict(text).logits(), 1e-6);
      }
      assertEquals(first, encoder.encode("I want my money back")[0], "the lent one stays open");
    }
  }

  @Test
  void refusesAFileThatWasDamagedAfterItWasOpened() throws IOException {
    Artifact artifact = greeter();
    Path model = artifact.directory().resolve("model.onnx");
    byte[] bytes = Files.readAllBytes(model);
    bytes[bytes.length / 2] ^= 1;
    Files.write(model, bytes);

    assertThrows(InvalidValueException.class, () -> Student.load(artifact));
  }

  @Test
  void refusesEveryQuestionAfterItIsClosed() throws IOException {
    Student student = Student.load(greeter());
    student.close();

    assertThrows(IllegalStateException.class, () -> student.predict(new Input.Text("hi")));
  }

  private Artifact greeter() throws IOException {
    return write("greeter", Artifacts.bag("support", LABELS), bag(new float[] {0, 0.5f}));
  }

  private Artifact mlp() throws IOException {
    ArtifactWriter.Draft draft = Artifacts.draft("t", Shape.MLP, "features/2", LABELS);
    return write("mlp", draft, Graphs.linear(new float[][] {{1, 0}, {0, -1}}, new float[2]));
  }

  private Artifact write(String name, ArtifactWriter.Draft draft, byte[] graph) throws IOException {
    return ArtifactWriter.write(directory.resolve(name), draft, Map.of("model.onnx", graph));
  }

  private static byte[] bag(float[] bias) {
    Map<Integer, byte[]> rows = Map.of(HI, new byte[] {100, 0});
    return Graphs.bag(rows, new float[] {0.02f, 0.02f}, new float[][] {{1, 0}, {0, 1}}, bias);
  }
}
