package io.tierwise.cli;

import io.tierwise.distill.compress.Technique;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill prune-weights}. */
@Command(
    name = "prune-weights",
    mixinStandardHelpOptions = true,
    header = "Sets an mlp's smallest weights to zero.",
    description = {
      "Sets an mlp's smallest weights to zero, more of them with every step of fine-tuning. The",
      "graph is no smaller for it, but its compressed file is."
    })
final class PruneWeightsCommand implements Callable<Integer> {
  @Mixin private TechniqueOption job;
  @Mixin private TuningOption tuning;
  @Mixin private EngineOption engine;

  @Option(
      names = "--sparsity",
      required = true,
      paramLabel = "SHARE",
      description = "Of the weights that end at zero, such as 0.9.")
  private double sparsity;

  @Option(names = "--per-layer", description = "The share of each layer, not of all together.")
  private boolean perLayer;

  @Override
  public Integer call() throws IOException {
    return job.run(
        shape -> new Technique.PruneWeights(sparsity, perLayer, tuning.epochs(shape, 10, 0)),
        engine);
  }
}
