package io.tierwise.distill.encoder;

import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Transfer learning with the top layers unfrozen: a head is fitted to the pretrained MiniLM, then
 * the layers above the frozen ones are trained with it. What the frozen ones compute is computed
 * once and kept, so a run costs what the unfrozen layers cost.
 */
public final class FineTuneJob {
  private static final String NAME = "transfer";

  private FineTuneJob() {}

  /**
   * How to fine-tune.
   *
   * @param unfrozen layers from the top; none leave the head as it was fitted, as many as there are
   *     unfreeze the word table too
   * @param commonPieces most frequent word pieces of English that are kept beside the corpus's own
   * @param mostTokens of a text that are read
   */
  public record Spec(
      Task.Classification task,
      long seed,
      int unfrozen,
      int commonPieces,
      int mostTokens,
      Training training) {
    public Spec {
      Requirement.notNegative("unfrozen", unfrozen);
      Requirement.notNegative("commonPieces", commonPieces);
      Requirement.positive("mostTokens", mostTokens);
    }

    /** The default recipe. */
    public static Spec of(Task.Classification task, int unfrozen, long seed) {
      return new Spec(task, seed, unfrozen, 4_000, 128, new Training(4, 32, 1e-4f, 0.1f));
    }

    /** With another number of epochs. */
    public Spec withEpochs(int epochs) {
      return new Spec(task, seed, unfrozen, commonPieces, mostTokens, training.with(epochs));
    }
  }

  /**
   * Trains an encoder and writes it in single precision, not yet calibrated, to a new directory.
   */
  public static Artifact run(Spec spec, List<Answered> examples, Path directory, Workshop workshop)
      throws IOException {
    EncoderModel model =
        EncoderModel.pretrained(
            examples.stream().map(Answered::text).toList(), spec.commonPieces(), spec.mostTokens());
    int layers = model.weights().layers();
    if (spec.unfrozen() > layers) {
      throw new InvalidValueException(
          "unfrozen", "the encoder has " + layers + " layers", "unfreeze at most so many");
    }
    int[][] tokens = model.tokens(examples);
    float[][] hard = Targets.hard(examples, spec.task().labels());
    EncoderWeights start =
        Targets.withFittedHead(model.weights(), tokens, hard, workshop.progress());
    int frozen = layers - spec.unfrozen();
    EncoderWeights trained =
        spec.unfrozen() == 0
            ? start
            : frozen == 0
                ? train(spec, start, Lessons.answers(tokens, hard, hard), model, workshop)
                : trainAbove(spec, start, tokens, hard, model, workshop);
    return new EncoderExport(NAME, spec.task(), spec.seed(), workshop.clock())
        .write(
            model.with(trained),
            examples,
            Map.of(
                "trainingTexts", (double) examples.size(),
                "unfrozenLayers", (double) spec.unfrozen()),
            directory);
  }

  private static EncoderWeights trainAbove(
      Spec spec,
      EncoderWeights start,
      int[][] tokens,
      float[][] hard,
      EncoderModel model,
      Workshop workshop)
      throws IOException {
    int frozen = start.layers() - spec.unfrozen();
    try (HiddenStates below =
        HiddenStates.of(model.weights(), tokens, frozen, workshop.cache(), workshop.progress())) {
      Lessons lessons = new Lessons(tokens, hard, hard, null, below, null);
      return train(spec, start, lessons, model, workshop);
    }
  }

  private static EncoderWeights train(
      Spec spec, EncoderWeights start, Lessons lessons, EncoderModel model, Workshop workshop)
      throws IOException {
    String name =
        new Fingerprint()
            .add(NAME)
            .add(start)
            .add(lessons.tokens())
            .add(lessons.answers())
            .add(spec.training())
            .add(spec.unfrozen())
            .add(spec.seed())
            .hex();
    Course course =
        new Course(
            new Objective.Answer(0, 1),
            spec.training(),
            start.layers() - spec.unfrozen(),
            model.unknown(),
            spec.seed(),
            List.of());
    return WeightsFile.of(
        workshop.cache(),
        name,
        () -> EncoderTrainer.train(start, lessons, course, workshop.progress()));
  }
}
