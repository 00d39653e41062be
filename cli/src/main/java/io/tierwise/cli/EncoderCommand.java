package io.tierwise.cli;

import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.encoder.EncoderJob;
import io.tierwise.distill.encoder.EncoderSpec;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill encoder}. */
@Command(
    name = "encoder",
    mixinStandardHelpOptions = true,
    header = "Distils an encoder student from the large model's answers.",
    description = {
      "Distils some layers of a transformer, MiniLM or one made by 'transfer --unfrozen', from texts"
          + " with the large model's answers, and compresses them with --units and --bytes.",
      "Slower than the bag of 'distill student', and closer to the large model. A run that was cut"
          + " off goes on after the last stage that it finished."
    })
final class EncoderCommand implements Callable<Integer> {
  @Mixin private ProgressOption progress;
  @Mixin private AnswersOption answers;
  @Mixin private OutcomeOption outcome;
  @Mixin private CompressionOption compression;

  @Option(names = "--task", required = true, description = "Name of the task.")
  private String task;

  @Option(
      names = "--teacher",
      paramLabel = "DIR",
      description = "An encoder fine-tuned for the task, to imitate. Default: MiniLM.")
  private @Nullable Path teacher;

  @Option(
      names = "--layers",
      split = ",",
      defaultValue = "0,1",
      description = "The teacher's layers to begin with (default: ${DEFAULT-VALUE}).")
  private List<Integer> layers;

  @Option(
      names = "--imitate",
      defaultValue = "0",
      paramLabel = "EPOCHS",
      description =
          "Learn the teacher's states first. Layers that do not follow on one another need it"
              + " (default: ${DEFAULT-VALUE}).")
  private int imitate;

  @Option(
      names = "--epochs",
      defaultValue = "4",
      description = "Of learning to answer (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--calibrate",
      paramLabel = "FILE",
      description = "Fit its confidence on these answers, none of them in --data.")
  private @Nullable Path calibration;

  @Override
  public Integer call() throws IOException {
    List<Answered> examples = answers.read();
    List<Answered> others = calibration == null ? List.of() : answers.read(calibration);
    Optional<Artifact> from =
        teacher == null ? Optional.empty() : Optional.of(Artifact.open(teacher));
    Task.Classification labels =
        from.isPresent() ? Learning.task(from.get()) : Learning.task(task, examples);
    EncoderSpec recipe =
        EncoderSpec.of(labels, outcome.seed()).withLayers(layers).withEpochs(imitate, epochs);
    Path compressed = calibration == null ? outcome.out() : outcome.beside("uncalibrated");
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact artifact =
          EncoderJob.run(
              recipe,
              examples,
              from,
              compression.chosen() ? outcome.beside("whole") : compressed,
              Learning.workshop(encoder, progress));
      artifact = compression.apply(artifact, examples, compressed, outcome.seed(), progress);
      progress.done();
      if (calibration != null) {
        artifact = CalibrateJob.run(artifact, others, outcome.out(), Clock.systemUTC());
      }
      outcome.print(artifact, examples.size());
    }
    return 0;
  }
}
