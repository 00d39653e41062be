package io.tierwise.cli;

import io.tierwise.distill.compress.Technique;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tierwise distill compile}. */
@Command(
    name = "compile",
    mixinStandardHelpOptions = true,
    header = "Rewrites a student's graph for this machine's processor.",
    description = {
      "Has ONNX Runtime rewrite a student's graph for this machine's processor. The portable graph",
      "stays beside it, and is what another machine loads. The calibration stays."
    })
final class CompileCommand implements Callable<Integer> {
  @Mixin private TechniqueOption job;

  @Override
  public Integer call() throws IOException {
    return job.run(shape -> new Technique.Compile());
  }
}
