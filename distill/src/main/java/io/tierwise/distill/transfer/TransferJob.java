package io.tierwise.distill.transfer;

import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.NewDirectory;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.distill.onnx.JobArtifact;
import io.tierwise.distill.onnx.OnnxModels;
import io.tierwise.distill.train.EncodedTexts;
import io.tierwise.distill.train.SoftmaxRegression;
import io.tierwise.router.InvalidValueException;
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
import java.util.List;
import java.util.Map;

/**
 * Transfer learning: a linear head for a task on the frozen features of a pretrained encoder. Makes
 * the local teacher. Deterministic.
 */
public final class TransferJob {
  private static final String NAME = "transfer";
  private static final SoftmaxRegression.Spec HEAD =
      new SoftmaxRegression.Spec(30, 200, 128, 0.1f, 3e-4f);

  private TransferJob() {}

  /**
   * Trains a head and writes it to a new directory.
   *
   * @param examples texts with the label that the head is to give
   * @throws InvalidValueException when there is no example, or one's label is not the task's
   * @throws IOException when {@code directory} is there already or the artifact cannot be written
   */
  public static Artifact run(
      Task.Classification task,
      List<Answered> examples,
      SentenceEncoder encoder,
      Path directory,
      Clock clock,
      Progress progress)
      throws IOException {
    return run(task, List.of(HEAD.penalty()), examples, encoder, directory, clock, progress);
  }

  /**
   * Trains a head with the best of some penalties and writes it to a new directory.
   *
   * @param penalties the smaller, the closer the head follows the examples; where there are
   *     several, each is tried on a tenth of the examples that the head did not see, and the head
   *     is then trained on all with the one that answered most of them
   */
  public static Artifact run(
      Task.Classification task,
      List<Float> penalties,
      List<Answered> examples,
      SentenceEncoder encoder,
      Path directory,
      Clock clock,
      Progress progress)
      throws IOException {
    NewDirectory.require(directory);
    List<float[]> targets =
        examples.stream().map(example -> example.target(task.labels())).toList();
    List<String> texts = examples.stream().map(Answered::text).toList();
    List<float[]> features = EncodedTexts.of(encoder, texts, "encoding", progress);
    float penalty = PenaltyChoice.best(HEAD, penalties, features, targets, progress);
    SoftmaxRegression head = SoftmaxRegression.fit(HEAD.with(penalty), features, targets);
    ArtifactWriter.Draft draft =
        new ArtifactWriter.Draft(
            task.name(),
            Shape.ENCODER_HEAD,
            encoder.name(),
            task.labels().stream().map(Label::value).toList(),
            new Calibration.Temperature(1),
            Map.of("trainingTexts", (double) examples.size(), "penalty", (double) penalty),
            new Lineage(
                NAME,
                Map.of("encoder", encoder.name(), "penalty", Float.toString(penalty)),
                List.of(),
                DataHash.of(examples),
                0,
                CodeVersion.CURRENT),
            clock.instant());
    byte[] model = OnnxModels.linear(head.weights(), head.bias());
    return JobArtifact.write(directory, draft, Map.of(ArtifactFiles.MODEL, model));
  }
}
