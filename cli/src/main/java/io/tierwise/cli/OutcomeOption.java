package io.tierwise.cli;

import io.tierwise.student.artifact.Artifact;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a job that draws at random writes its artifact, the same for each of them. */
final class OutcomeOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "A new directory.")
  private Path out;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of all that is drawn (default: ${DEFAULT-VALUE}).")
  private long seed;

  Path out() {
    return out;
  }

  long seed() {
    return seed;
  }

  /** Where a stage before the last is kept. */
  Path beside(String stage) {
    return out.resolveSibling(out.getFileName() + "-" + stage);
  }

  void print(Artifact artifact, int examples) {
    spec.commandLine()
        .getOut()
        .printf(
            "%s: version %s, trained on %d answers%n",
            artifact.directory(), artifact.manifest().version(), examples);
  }
}
