package io.tierwise.distill.encoder;

import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.distill.onnx.JobArtifact;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.WordPieces;
import io.tierwise.student.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes encoders as artifacts, after checking that the graph computes what training did.
 *
 * @param job what made the encoder
 * @param parameters of the job, by name
 */
record EncoderExport(
    String job, Map<String, String> parameters, Task.Classification task, long seed, Clock clock) {
  private static final int CHECKED = 64;
  private static final double TOLERANCE = 1e-4;

  /** In single precision. */
  Artifact write(
      EncoderModel model, List<Answered> examples, Map<String, Double> metrics, Path directory)
      throws IOException {
    byte[] graph = EncoderGraph.write(model.weights(), new Products.Single());
    Map<String, Double> all = new TreeMap<>(metrics);
    all.put("exportDifference", difference(model, graph, examples));
    return write(model, graph, new Calibration.Temperature(1), examples, all, directory);
  }

  Artifact write(
      EncoderModel model,
      byte[] graph,
      Calibration calibration,
      List<Answered> examples,
      Map<String, Double> metrics,
      Path directory)
      throws IOException {
    ArtifactWriter.Draft draft =
        new ArtifactWriter.Draft(
            task.name(),
            Shape.ENCODER,
            WordPieces.VERSION,
            task.labels().stream().map(Label::value).toList(),
            calibration,
            metrics,
            new Lineage(
                job, parameters, model.parents(), DataHash.of(examples), seed, CodeVersion.CURRENT),
            clock.instant());
    return JobArtifact.write(
        directory, draft, Map.of(ArtifactFiles.MODEL, graph, WordPieces.FILE, model.tokenizer()));
  }

  private static double difference(EncoderModel model, byte[] graph, List<Answered> examples)
      throws IOException {
    int[][] tokens = model.tokens(examples.subList(0, Math.min(CHECKED, examples.size())));
    double largest = 0;
    try (OnnxModel exported = OnnxModel.load("exported encoder", graph);
        EncoderRunner runner = new EncoderRunner(model.weights())) {
      float[][] expected = runner.logits(tokens, Progress.SILENT);
      for (int text = 0; text < tokens.length; text++) {
        float[] actual = exported.forward(WordPieces.tensors(longs(tokens[text]))).values();
        largest = Math.max(largest, difference(expected[text], actual));
      }
    }
    if (largest > TOLERANCE) {
      throw new IllegalStateException(
          "the exported encoder differs from DJL by " + largest + ", more than " + TOLERANCE);
    }
    return largest;
  }

  /** The largest, relative to the largest logit where that is above 1. */
  private static double difference(float[] expected, float[] actual) {
    double scale = 1;
    double largest = 0;
    for (int k = 0; k < expected.length; k++) {
      scale = Math.max(scale, Math.abs(expected[k]));
      largest = Math.max(largest, Math.abs(expected[k] - actual[k]));
    }
    return largest / scale;
  }

  static long[][] longs(int[]... texts) {
    return Arrays.stream(texts)
        .map(text -> Arrays.stream(text).asLongStream().toArray())
        .toArray(long[][]::new);
  }
}
