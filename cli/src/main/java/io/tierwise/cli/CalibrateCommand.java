package io.tierwise.cli;

import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise distill calibrate}. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = "Fits a student's confidence on answers that it was not trained on.")
final class CalibrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AnswersOption answers;

  @Option(names = "--artifact", required = true, paramLabel = "DIR", description = "The student.")
  private Path artifact;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new directory.")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Artifact calibrated =
        CalibrateJob.run(Artifact.open(artifact), answers.read(), out, Clock.systemUTC());
    spec.commandLine()
        .getOut()
        .printf(
            "%s: version %s, %s%n",
            calibrated.directory(),
            calibrated.manifest().version(),
            calibrated.manifest().metrics());
    return 0;
  }
}
