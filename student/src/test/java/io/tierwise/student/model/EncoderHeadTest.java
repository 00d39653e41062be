package io.tierwise.student.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.onnx.Graphs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderHeadTest {
  private static final List<String> LABELS = List.of("a", "b", "c");

  @TempDir private Path directory;

  @Test
  void answersWithTheHeadOverTheEncodersVector() throws IOException {
    float[][] weights = weights();
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2);
        Student teacher = Student.load(head(weights), encoder)) {
      List<String> texts = List.of("I want my money back", "hello");

      List<Prediction> predictions =
          teacher.predict(texts.stream().<Input>map(Input.Text::new).toList());

      assertEquals(2, predictions.size());
      for (int i = 0; i < texts.size(); i++) {
        double[] expected = logits(texts.get(i), weights);
        assertArrayEquals(expected, predictions.get(i).logits(), 1e-5);
        assertArrayEquals(expected, teacher.predict(new Input.Text(texts.get(i))).logits(), 1e-5);
      }
      assertEquals(List.of(), teacher.predict(List.of()));
    }
  }

  @Test
  void leavesTheEncoderOpenThatWasThereBefore() throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(1)) {
      Student.load(head(weights()), encoder).close();

      assertEquals(7, encoder.tokens("I want my money back"));
    }
  }

  private Artifact head(float[][] weights) throws IOException {
    return ArtifactWriter.write(
        directory.resolve("head"),
        Artifacts.encoderHead("t", LABELS),
        Map.of("model.onnx", Graphs.linear(weights, new float[] {0.1f, 0.2f, 0.3f})));
  }

  private static float[][] weights() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    float[][] weights = new float[384][3];
    for (float[] row : weights) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return weights;
  }

  private static double[] logits(String text, float[][] weights) throws IOException {
    double[] logits = {0.1, 0.2, 0.3};
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(1)) {
      float[] vector = encoder.encode(text);
      for (int d = 0; d < vector.length; d++) {
        for (int label = 0; label < logits.length; label++) {
          logits[label] += vector[d] * weights[d][label];
        }
      }
    }
    return logits;
  }
}
