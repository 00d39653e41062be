package io.tierwise.cli;

import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
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
      "Not calibrated yet: 'distill calibrate' comes next."
    })
final class StudentCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TaskOption task;
  @Mixin private ProgressOption progress;

  @Option(names = "--data", required = true, paramLabel = "FILE", description = "JSON lines.")
  private Path data;

  @Option(
      names = "--reference-field",
      defaultValue = "reference",
      description = "The large model's answer (default: ${DEFAULT-VALUE}).")
  private String referenceField;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new directory.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    List<Answered> examples = AnsweredFile.read(data, referenceField);
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      Artifact artifact =
          DistillJob.run(
              DistillSpec.of(task.load().task(), seed),
              examples,
              out,
              new DistillJob.Workshop(
                  encoder, Installation.cache(), Clock.systemUTC(), progress.watch()));
      progress.done();
      spec.commandLine()
          .getOut()
          .printf(
              "%s: version %s, trained on %d answers%n",
              artifact.directory(), artifact.manifest().version(), examples.size());
    }
    return 0;
  }
}
