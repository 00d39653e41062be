package io.tierwise.student.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
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

class EncoderClassifierTest {
  private static final List<String> LABELS = List.of("a", "b", "c");

  @TempDir private Path directory;

  @Test
  void answersWithTheHeadOverTheEncodersVector() throws IOException {
    float[][] weights = weights();
    try (EncoderClassifier teacher =
        EncoderClassifier.load(head(weights), SentenceEncoder.bgeSmall(2))) {
      List<String> texts = List.of("I want my money back", "hello");

      List<Prediction> predictions = teacher.predict(texts);

      assertEquals(2, predictions.size());
      for (int i = 0; i < texts.size(); i++) {
        double[] expected = logits(texts.get(i), weights);
        assertArrayEquals(expected, predictions.get(i).logits(), 1e-5);
        assertArrayEquals(expected, teacher.predict(texts.get(i)).logits(), 1e-5);
      }
      assertEquals(List.of(), teacher.predict(List.of()));
      assertEquals(7, teacher.tokens(texts.getFirst()));
    }
  }

  @Test
  void refusesAnArtifactThatIsNoHead() throws IOException {
    Artifact bag = Artifacts.unloadable(directory.resolve("bag"), "t", 1);
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(1)) {
      InvalidValueException refused =
          assertThrows(InvalidValueException.class, () -> EncoderClassifier.load(bag, encoder));
      assertEquals("it is a bag on bag/1", refused.trouble());
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
