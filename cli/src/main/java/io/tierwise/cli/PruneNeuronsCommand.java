package io.tierwise.cli;

import io.tierwise.distill.Kept;
import io.tierwise.distill.compress.Technique;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill prune-neurons}. */
@Command(
    name = "prune-neurons",
    mixinStandardHelpOptions = true,
    header = "Takes the least important parts out of a student.",
    description = {
      "Takes the least important parts out of a student, so that its matrices are really smaller:",
      "hidden units of an mlp, feed-forward units and heads of attention of an encoder in single",
      "precision, rows of a bag's table. An mlp and an encoder are trained on afterwards."
    })
final class PruneNeuronsCommand implements Callable<Integer> {
  @Mixin private TechniqueOption job;
  @Mixin private TuningOption tuning;
  @Mixin private EngineOption engine;

  @Option(
      names = "--keep",
      paramLabel = "N|SHARE",
      description =
          "Units that stay in every layer, or rows: a number such as 96, or a share such as 0.5.")
  private @Nullable String keep;

  @Option(
      names = "--heads",
      paramLabel = "N|SHARE",
      description = "Heads of attention that stay in every layer of an encoder.")
  private @Nullable String heads;

  @Override
  public Integer call() throws IOException {
    return job.run(
        shape ->
            new Technique.PruneNeurons(
                Optional.ofNullable(keep).map(Kept::of),
                Optional.ofNullable(heads).map(Kept::of),
                tuning.epochs(shape, 15, 2)),
        engine);
  }
}
