package io.tierwise.distill.encoder;

import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.bag.SoftLabels;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Distils an encoder student: some layers of a teacher first learn to end in its last states, then
 * to answer as the large model does. Every stage's result is kept in the cache.
 */
public final class EncoderJob {
  private static final String NAME = "distill-encoder";

  private final EncoderSpec spec;
  private final Workshop workshop;

  private EncoderJob(EncoderSpec spec, Workshop workshop) {
    this.spec = spec;
    this.workshop = workshop;
  }

  /**
   * Trains a student and writes it in single precision, not yet calibrated, to a new directory.
   *
   * @param teacher an encoder fine-tuned for the task, whose states and answers are imitated; where
   *     there is none the pretrained MiniLM's states are, and the large model's answers
   */
  public static Artifact run(
      EncoderSpec spec,
      List<Answered> examples,
      Optional<Artifact> teacher,
      Path directory,
      Workshop workshop)
      throws IOException {
    return new EncoderJob(spec, workshop).run(examples, teacher, directory);
  }

  private Artifact run(List<Answered> examples, Optional<Artifact> from, Path directory)
      throws IOException {
    List<Label> labels = spec.task().labels();
    EncoderModel teacher =
        from.isPresent()
            ? EncoderModel.open(from.get())
            : EncoderModel.pretrained(
                examples.stream().map(Answered::text).toList(),
                spec.commonPieces(),
                spec.mostTokens());
    int[][] tokens = teacher.tokens(examples);
    EncoderWeights imitating = imitate(teacher, tokens);
    float[][] hard = Targets.hard(examples, labels);
    float[][] soft = spec.softShare() == 0 ? hard : soft(examples, from, teacher, tokens);
    EncoderWeights start = from.isPresent() ? imitating : withHead(imitating, tokens, hard);
    Lessons lessons = Lessons.answers(tokens, hard, soft);
    EncoderWeights trained = answer(start, lessons, teacher.unknown());
    return new EncoderExport(NAME, spec.parameters(), spec.task(), spec.seed(), workshop.clock())
        .write(
            teacher.with(trained),
            examples,
            Map.of("trainingTexts", (double) examples.size()),
            directory);
  }

  private float[][] soft(
      List<Answered> examples, Optional<Artifact> from, EncoderModel teacher, int[][] tokens) {
    return from.isPresent()
        ? Targets.softmax(teacher.weights(), tokens, workshop.progress())
        : SoftLabels.of(
            examples, spec.task().labels(), workshop.encoder(), spec.seed(), workshop.progress());
  }

  private EncoderWeights imitate(EncoderModel teacher, int[][] tokens) throws IOException {
    EncoderWeights whole = teacher.weights();
    EncoderWeights cut = whole.cut(spec.layers());
    if (spec.imitation().epochs() == 0) {
      return cut;
    }
    String name =
        new Fingerprint()
            .add(whole)
            .add(spec.layers())
            .add(spec.imitation())
            .add(tokens)
            .add(spec.seed())
            .hex();
    return WeightsFile.of(
        workshop.cache(),
        name,
        () -> {
          try (HiddenStates target =
              HiddenStates.of(
                  whole, tokens, whole.layers(), workshop.cache(), workshop.progress())) {
            return EncoderTrainer.train(
                cut,
                Lessons.states(tokens, target),
                Course.whole(new Objective.Imitate(), spec.imitation(), 0, spec.seed()),
                workshop.progress());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private EncoderWeights answer(EncoderWeights start, Lessons lessons, int unknown)
      throws IOException {
    String name =
        new Fingerprint()
            .add(start)
            .add(lessons.tokens())
            .add(lessons.answers())
            .add(lessons.distributions())
            .add(spec.answering())
            .add(spec.softShare() + " at " + spec.temperature())
            .add(spec.seed())
            .hex();
    return WeightsFile.of(
        workshop.cache(),
        name,
        () ->
            EncoderTrainer.train(
                start,
                lessons,
                Course.whole(
                    new Objective.Answer(spec.softShare(), spec.temperature()),
                    spec.answering(),
                    unknown,
                    spec.seed()),
                workshop.progress()));
  }

  /** Fits a head to the states as they are, so that training begins from something that answers. */
  private EncoderWeights withHead(EncoderWeights weights, int[][] tokens, float[][] hard) {
    return Targets.withFittedHead(weights, tokens, hard, workshop.progress());
  }
}
