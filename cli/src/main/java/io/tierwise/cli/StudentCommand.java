package io.tierwise.cli;

import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill student}. */
@Command(
    name = "student",
    mixinStandardHelpOptions = true,
    header = "Distils a student from the large model's answers.",
    description = {
      "Distils a bag student from texts with the large model's answers (see 'distill label').",
      "With --calibrate it is calibrated too; else 'distill calibrate' comes next."
    })
final class StudentCommand implements Callable<Integer> {
  @Mixin private TaskOption task;
  @Mixin private AnswersOption answers;
  @Mixin private OutcomeOption outcome;
  @Mixin private EngineOption engine;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--calibrate",
      paramLabel = "FILE",
      description = "Fit its confidence on these answers, none of them in --data.")
  private @Nullable Path calibration;

  @Override
  public Integer call() throws IOException {
    List<Answered> examples = answers.read();
    List<Answered> others = calibration == null ? List.of() : answers.read(calibration);
    Path distilled = calibration == null ? outcome.out() : outcome.beside("uncalibrated");
    try (Engine replicas = engine.open();
        SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact artifact =
          DistillJob.run(
              DistillSpec.of(task.load().task(), outcome.seed()),
              examples,
              distilled,
              new DistillJob.Workshop(
                      encoder, Installation.cache(), Clock.systemUTC(), progress.watch())
                  .with(replicas));
      progress.done();
      if (calibration != null) {
        artifact = CalibrateJob.run(artifact, others, outcome.out(), Clock.systemUTC());
      }
      outcome.print(artifact, examples.size());
    }
    return 0;
  }
}
