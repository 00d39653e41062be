package io.tierwise.cli;

import io.tierwise.distill.compress.Technique;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill fuse}. */
@Command(
    name = "fuse",
    mixinStandardHelpOptions = true,
    header = "Makes one student of several.",
    description = {
      "Makes one graph of several students' of one shape and task: its logits are the mean of",
      "theirs. Encoders must have been made from the same texts, so that they read the same pieces."
    })
final class FuseCommand implements Callable<Integer> {
  @Mixin private TechniqueOption job;

  @Option(
      names = "--shares",
      split = ",",
      paramLabel = "SHARE",
      description = "Of each student in the mean; they sum to 1. Default: equal ones.")
  private List<Double> shares = List.of();

  @Override
  public Integer call() throws IOException {
    return job.run(shape -> new Technique.Fuse(shares));
  }
}
