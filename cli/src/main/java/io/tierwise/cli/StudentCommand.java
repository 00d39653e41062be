package io.tierwise.cli;

import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
  @Spec private CommandSpec spec;
  @Mixin private TaskOption task;
  @Mixin private EngineOption engine;
  @Mixin private ProgressOption progress;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "JSON lines.")
  private Path data;

  @Option(
      names = "--reference-field",
      defaultValue = "reference",
      description = "The large model's answer (default: ${DEFAULT-VALUE}).")
  private String referenceField;

  @Option(
      names = "--calibrate",
      paramLabel = "FILE",
      description = "Fit its confidence on these answers, none of them in --data.")
  private @Nullable Path calibration;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new directory.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    List<Answered> examples = AnsweredFile.read(data, referenceField);
    List<Answered> others =
        calibration == null ? List.of() : AnsweredFile.read(calibration, referenceField);
    Path distilled = calibration == null ? out : beside(out);
    try (Engine replicas = engine.open();
        SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact artifact =
          DistillJob.run(
              DistillSpec.of(task.load().task(), seed),
              examples,
              distilled,
              new DistillJob.Workshop(
                      encoder, Installation.cache(), Clock.systemUTC(), progress.watch())
                  .with(replicas));
      progress.done();
      if (calibration != null) {
        artifact = CalibrateJob.run(artifact, others, out, Clock.systemUTC());
      }
      spec.commandLine()
          .getOut()
          .printf(
              "%s: version %s, trained on %d answers%n",
              artifact.directory(), artifact.manifest().version(), examples.size());
    }
    return 0;
  }

  /** Where the student is kept as it was before calibration. */
  private static Path beside(Path artifact) {
    return artifact.resolveSibling(artifact.getFileName() + "-uncalibrated");
  }
}
