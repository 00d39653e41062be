package io.tierwise.distill.encoder;

import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedSet;

/**
 * Online learning: an encoder goes on learning from new references in the order they arrive, each
 * seen once, and rehearses old ones beside them so that it does not forget. A label that it never
 * saw gets a column in the head, which begins at the mean state of the label's first texts.
 */
public final class UpdateJob {
  private static final String NAME = "update";

  private UpdateJob() {}

  /**
   * How to learn.
   *
   * @param batch new references a step
   * @param rehearsed old references a step
   * @param rate of every step; steady, since nobody knows where a stream ends
   */
  public record Spec(int batch, int rehearsed, float rate, long seed) {
    public Spec {
      Requirement.positive("batch", batch);
      Requirement.notNegative("rehearsed", rehearsed);
    }

    /** The default recipe. */
    public static Spec of(long seed) {
      return new Spec(16, 48, 1e-4f, seed);
    }
  }

  /**
   * Updates an encoder in single precision and writes it, uncalibrated, to a new directory. Its
   * labels are the old ones followed by the new, in the order of their first arrival.
   *
   * @param arriving new references, the oldest first
   * @param old references that it was trained on, to rehearse from
   * @throws InvalidValueException where there is nothing new, or nothing to rehearse and some is
   *     asked for
   */
  public static Artifact run(
      Artifact artifact,
      Spec spec,
      List<Answered> arriving,
      List<Answered> old,
      Path directory,
      Workshop workshop)
      throws IOException {
    if (arriving.isEmpty() || (old.isEmpty() && spec.rehearsed() > 0)) {
      throw new InvalidValueException(
          arriving.isEmpty() ? "arriving" : "old",
          "there is none",
          "give references, or rehearse none");
    }
    EncoderModel model = EncoderModel.open(artifact);
    Task.Classification task = extended(QuantizeEncoderJob.task(artifact), arriving);
    List<Answered> all = new ArrayList<>(arriving);
    all.addAll(old);
    int[][] tokens = model.tokens(all);
    float[][] hard = Targets.hard(all, task.labels());
    EncoderWeights start = grown(model.weights(), tokens, hard, arriving.size(), workshop);
    EncoderWeights trained =
        EncoderTrainer.train(
            start,
            Lessons.answers(tokens, hard, hard),
            new Course(
                new Objective.Answer(0, 1),
                new Training(1, spec.batch(), spec.rate(), 0),
                0,
                model.unknown(),
                spec.seed(),
                stream(spec, arriving.size(), old.size())),
            workshop.progress());
    return new EncoderExport(
            NAME,
            Map.of(
                "batch", Integer.toString(spec.batch()),
                "rehearsed", Integer.toString(spec.rehearsed()),
                "rate", Float.toString(spec.rate())),
            task,
            spec.seed(),
            workshop.clock())
        .write(
            model.with(trained),
            all,
            Map.of(
                "newTexts",
                (double) arriving.size(),
                "newLabels",
                (double) task.labels().size() - artifact.manifest().labels().size()),
            directory);
  }

  private static Task.Classification extended(Task.Classification task, List<Answered> arriving) {
    SequencedSet<Label> labels = new LinkedHashSet<>(task.labels());
    arriving.forEach(each -> labels.add(each.label()));
    return new Task.Classification(task.name(), List.copyOf(labels));
  }

  /** Batches in the order of arrival, each with old ones drawn at random. */
  static List<int[]> stream(Spec spec, int arriving, int old) {
    Random random = new Random(spec.seed());
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < arriving; from += spec.batch()) {
      int fresh = Math.min(spec.batch(), arriving - from);
      int[] batch = new int[fresh + spec.rehearsed()];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = i < fresh ? from + i : arriving + random.nextInt(old);
      }
      batches.add(batch);
    }
    return batches;
  }

  /** A column for each label that the head does not have. */
  private static EncoderWeights grown(
      EncoderWeights weights, int[][] tokens, float[][] hard, int arriving, Workshop workshop) {
    int before = weights.classes();
    int classes = hard[0].length;
    if (classes == before) {
      return weights;
    }
    int width = weights.dimensions();
    float[] head = weights.parameter(EncoderWeights.HEAD + ".weight").values();
    float[] wider = new float[width * classes];
    for (int d = 0; d < width; d++) {
      System.arraycopy(head, d * before, wider, d * classes, before);
    }
    float[] bias =
        Arrays.copyOf(weights.parameter(EncoderWeights.HEAD + ".bias").values(), classes);
    try (EncoderRunner runner = new EncoderRunner(weights)) {
      float[][] states = runner.pooled(Arrays.copyOf(tokens, arriving), workshop.progress());
      double length = meanColumnLength(head, before);
      for (int label = before; label < classes; label++) {
        setColumn(wider, classes, label, direction(states, hard, label), length);
      }
    }
    return weights.with(
        Map.of(
            EncoderWeights.HEAD + ".weight", new Parameter(wider, width, classes),
            EncoderWeights.HEAD + ".bias", new Parameter(bias, classes)));
  }

  /** The mean state of a label's texts less the mean of all. */
  private static double[] direction(float[][] states, float[][] hard, int label) {
    double[] direction = new double[states[0].length];
    double texts = 0;
    for (int i = 0; i < states.length; i++) {
      texts += hard[i][label];
    }
    for (int i = 0; i < states.length; i++) {
      for (int d = 0; d < direction.length; d++) {
        direction[d] += states[i][d] * (hard[i][label] / texts - 1.0 / states.length);
      }
    }
    return direction;
  }

  private static void setColumn(
      float[] head, int classes, int column, double[] direction, double length) {
    double norm = Math.sqrt(Arrays.stream(direction).map(value -> value * value).sum());
    for (int d = 0; d < direction.length && norm > 0; d++) {
      head[d * classes + column] = (float) (direction[d] / norm * length);
    }
  }

  private static double meanColumnLength(float[] head, int classes) {
    double[] squares = new double[classes];
    for (int i = 0; i < head.length; i++) {
      squares[i % classes] += (double) head[i] * head[i];
    }
    return Arrays.stream(squares).map(Math::sqrt).average().orElse(1);
  }
}
