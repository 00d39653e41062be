package io.tierwise.cli;

import io.tierwise.distill.compress.Factorize;
import io.tierwise.distill.compress.Technique;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill factorize}. */
@Command(
    name = "factorize",
    mixinStandardHelpOptions = true,
    header = "Approximates a student's matrices by thin ones.",
    description = {
      "Approximates an mlp's matrices by products of two thin ones, and a bag's table by a narrower",
      "one, by truncated singular value decomposition. An mlp is trained on afterwards."
    })
final class FactorizeCommand implements Callable<Integer> {
  @Mixin private TechniqueOption job;
  @Mixin private TuningOption tuning;
  @Mixin private EngineOption engine;

  @Option(names = "--rank", paramLabel = "N", description = "Singular values that stay.")
  private @Nullable Integer rank;

  @Option(
      names = "--energy",
      paramLabel = "SHARE",
      description = "Of the sum of their squares that stays, in place of --rank.")
  private @Nullable Double energy;

  @Override
  public Integer call() throws IOException {
    Factorize extent =
        new Factorize(
            rank == null ? OptionalInt.empty() : OptionalInt.of(rank),
            energy == null ? OptionalDouble.empty() : OptionalDouble.of(energy));
    return job.run(
        shape ->
            new Technique.Factorize(extent.rank(), extent.energy(), tuning.epochs(shape, 10, 0)),
        engine);
  }
}
