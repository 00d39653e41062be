package io.tierwise.distill.transfer;

import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.distill.onnx.OnnxModels;
import io.tierwise.distill.train.SoftmaxRegression;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Transfer learning: a linear head for a task on the frozen features of a pretrained encoder. Makes
 * the local teacher. Deterministic.
 */
public final class TransferJob {
  private static final String NAME = "transfer";
  private static final int BATCH = 16;
  private static final SoftmaxRegression.Spec FIT =
      new SoftmaxRegression.Spec(60, 128, 0.1f, 1e-4f);

  private TransferJob() {}

  /**
   * Trains a head and writes it to a new directory.
   *
   * @param examples texts with the label that the head is to give
   */
  public static Artifact run(
      Task.Classification task,
      List<Answered> examples,
      SentenceEncoder encoder,
      Path directory,
      Clock clock,
      Progress progress)
      throws IOException {
    List<float[]> targets =
        examples.stream().map(example -> example.target(task.labels())).toList();
    SoftmaxRegression head =
        SoftmaxRegression.fit(FIT, encode(encoder, examples, progress), targets);
    ArtifactWriter.Draft draft =
        new ArtifactWriter.Draft(
            task.name(),
            Shape.ENCODER_HEAD,
            encoder.name(),
            task.labels().stream().map(Label::value).toList(),
            new Calibration.Temperature(1),
            Map.of("trainingTexts", (double) examples.size()),
            new Lineage(NAME, List.of(), DataHash.of(examples), 0, CodeVersion.CURRENT),
            clock.instant());
    byte[] model = OnnxModels.linear(head.weights(), head.bias());
    return ArtifactWriter.write(directory, draft, Map.of(ArtifactFiles.MODEL, model));
  }

  private static List<float[]> encode(
      SentenceEncoder encoder, List<Answered> examples, Progress progress) {
    List<String> texts = examples.stream().map(Answered::text).toList();
    List<float[]> features = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += BATCH) {
      features.addAll(encoder.encode(texts.subList(from, Math.min(from + BATCH, texts.size()))));
      progress.report("encoding", features.size(), texts.size());
    }
    return features;
  }
}
