package io.tierwise.distill.encoder;

import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * One trunk for several tasks: layers of MiniLM trained on all tasks' texts at once, each text
 * under its own task's head. Every task gets an artifact of its own; their trunks are the same
 * numbers.
 */
public final class MultitaskJob {
  private static final String NAME = "multitask";
  private static final float KEPT_OUT = -1e9f;

  private MultitaskJob() {}

  /**
   * How to train.
   *
   * @param layers of MiniLM that make the trunk
   * @param commonPieces most frequent word pieces of English that are kept beside the corpus's own
   * @param mostTokens of a text that are read
   */
  public record Spec(
      List<Integer> layers, int commonPieces, int mostTokens, Training training, long seed) {
    public Spec {
      layers = List.copyOf(layers);
    }

    /** The default recipe. */
    public static Spec of(long seed) {
      return new Spec(List.of(0, 1), 4_000, 128, new Training(4, 64, 4e-4f, 0.1f), seed);
    }
  }

  /** A task and what there is to learn it from. */
  public record Subject(Task.Classification task, List<Answered> examples) {
    public Subject {
      examples = List.copyOf(examples);
    }
  }

  /**
   * Trains the trunk and writes an artifact for each task, in single precision and uncalibrated, to
   * {@code directory/TASK}.
   */
  public static List<Artifact> run(
      Spec spec, List<Subject> subjects, Path directory, Workshop workshop) throws IOException {
    if (subjects.size() < 2) {
      throw new InvalidValueException(
          "subjects", "there are " + subjects.size(), "give two tasks at least");
    }
    List<Answered> all = subjects.stream().flatMap(each -> each.examples().stream()).toList();
    EncoderModel whole =
        EncoderModel.pretrained(
            all.stream().map(Answered::text).toList(), spec.commonPieces(), spec.mostTokens());
    EncoderModel model = whole.with(whole.weights().cut(spec.layers()));
    int[][] tokens = model.tokens(all);
    float[][] hard = labels(subjects, all.size());
    EncoderWeights start =
        Targets.withFittedHead(model.weights(), tokens, hard, workshop.progress());
    EncoderWeights trained =
        EncoderTrainer.train(
            start,
            new Lessons(tokens, hard, hard, apart(subjects, all.size()), null, null),
            Course.whole(new Objective.Answer(0, 1), spec.training(), model.unknown(), spec.seed()),
            workshop.progress());
    List<Artifact> artifacts = new ArrayList<>();
    int first = 0;
    for (Subject subject : subjects) {
      int classes = subject.task().labels().size();
      artifacts.add(
          new EncoderExport(
                  NAME,
                  spec.training()
                      .and(
                          "layers", spec.layers(),
                          "commonPieces", spec.commonPieces(),
                          "mostTokens", spec.mostTokens()),
                  subject.task(),
                  spec.seed(),
                  workshop.clock())
              .write(
                  model.with(withColumns(trained, first, classes)),
                  subject.examples(),
                  Map.of("tasks", (double) subjects.size()),
                  directory.resolve(subject.task().name())));
      first += classes;
    }
    return artifacts;
  }

  /** [texts][classes of all tasks]: 1 at the text's label among its task's. */
  private static float[][] labels(List<Subject> subjects, int texts) {
    int classes = classes(subjects);
    float[][] hard = new float[texts][];
    int row = 0;
    int first = 0;
    for (Subject subject : subjects) {
      for (float[] own : Targets.hard(subject.examples(), subject.task().labels())) {
        hard[row] = new float[classes];
        System.arraycopy(own, 0, hard[row], first, own.length);
        row++;
      }
      first += subject.task().labels().size();
    }
    return hard;
  }

  /**
   * [texts][classes of all tasks]: 0 in the text's own task, so much in others that they are out.
   */
  private static float[][] apart(List<Subject> subjects, int texts) {
    int classes = classes(subjects);
    float[][] apart = new float[texts][];
    int row = 0;
    int first = 0;
    for (Subject subject : subjects) {
      float[] added = new float[classes];
      Arrays.fill(added, KEPT_OUT);
      Arrays.fill(added, first, first + subject.task().labels().size(), 0);
      for (int i = 0; i < subject.examples().size(); i++) {
        apart[row++] = added;
      }
      first += subject.task().labels().size();
    }
    return apart;
  }

  private static int classes(List<Subject> subjects) {
    return subjects.stream().mapToInt(each -> each.task().labels().size()).sum();
  }

  private static EncoderWeights withColumns(EncoderWeights weights, int first, int classes) {
    int width = weights.dimensions();
    int all = weights.classes();
    float[] from = weights.parameter(EncoderWeights.HEAD + ".weight").values();
    float[] head = new float[width * classes];
    for (int d = 0; d < width; d++) {
      System.arraycopy(from, d * all + first, head, d * classes, classes);
    }
    float[] bias = weights.parameter(EncoderWeights.HEAD + ".bias").values();
    return weights.with(
        Map.of(
            EncoderWeights.HEAD + ".weight",
            new Parameter(head, width, classes),
            EncoderWeights.HEAD + ".bias",
            new Parameter(Arrays.copyOfRange(bias, first, first + classes), classes)));
  }
}
