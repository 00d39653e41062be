package io.tierwise.distill.encoder;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.FeatureParts;
import io.tierwise.distill.train.Prototypes;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Knowledge extraction from an encoder: k-means over the mean states that it gives texts leaves the
 * few texts that stand for all, and an encoder of fewer layers is trained on them alone, towards
 * the whole one's answers and the large model's.
 */
public final class ExtractEncoderJob {
  private ExtractEncoderJob() {}

  /**
   * What to extract.
   *
   * @param prototypes texts that stand for all
   * @param layers of the parent that the student begins with
   */
  public record Spec(int prototypes, List<Integer> layers, Training training, long seed) {
    public Spec {
      Requirement.positive("prototypes", prototypes);
      layers = List.copyOf(layers);
      if (layers.isEmpty()) {
        throw new InvalidValueException("layers", "there are none", "give one such as 0");
      }
    }
  }

  /**
   * Writes the student in single precision, uncalibrated, to a new directory.
   *
   * @param engine where the states are computed; left open
   */
  public static Artifact run(
      Artifact artifact,
      Spec spec,
      List<Answered> examples,
      Path directory,
      Engine engine,
      Clock clock,
      Progress progress)
      throws IOException {
    EncoderModel whole = EncoderModel.open(artifact);
    Task.Classification task = QuantizeEncoderJob.task(artifact);
    EncoderWeights start = whole.weights().cut(spec.layers()).copy();
    float[][] features =
        FeatureParts.of(
            new EncoderFeatures(artifact.read(ArtifactFiles.MODEL)),
            whole.tokens(examples),
            engine,
            progress);
    List<Answered> few =
        Arrays.stream(Prototypes.of(features, spec.prototypes(), spec.seed()))
            .mapToObj(examples::get)
            .toList();
    int[][] tokens = whole.tokens(few);
    EncoderWeights trained =
        EncoderTrainer.train(
            start,
            Lessons.answers(
                tokens,
                Targets.hard(few, task.labels()),
                Targets.softmax(whole.weights(), tokens, progress)),
            Course.whole(
                new Objective.Answer(0.5f, 2), spec.training(), whole.unknown(), spec.seed()),
            progress);
    return new EncoderExport(
            "extract",
            spec.training().and("prototypes", spec.prototypes(), "layers", spec.layers()),
            task,
            spec.seed(),
            clock)
        .write(whole.with(trained), few, Map.of("prototypes", (double) few.size()), directory);
  }
}
