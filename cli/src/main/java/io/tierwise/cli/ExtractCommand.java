package io.tierwise.cli;

import io.tierwise.distill.compress.Technique;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill extract}. */
@Command(
    name = "extract",
    mixinStandardHelpOptions = true,
    header = "Trains a small student on the few inputs that stand for all.",
    description = {
      "Works out what a student makes of all inputs, finds by k-means those few that stand for all,",
      "and trains a small student on them alone: an mlp of one, an encoder of some layers of one.",
      "With --engine spark workers work out the features; the result is the same to the last bit."
    })
final class ExtractCommand implements Callable<Integer> {
  @Mixin private TechniqueOption job;
  @Mixin private TuningOption tuning;
  @Mixin private EngineOption engine;

  @Option(
      names = "--prototypes",
      required = true,
      paramLabel = "N",
      description = "Inputs that stand for all.")
  private int prototypes;

  @Option(
      names = "--hidden",
      split = ",",
      paramLabel = "N",
      description = "Units of the small mlp's hidden layers.")
  private List<Integer> hidden = List.of();

  @Option(
      names = "--layers",
      split = ",",
      paramLabel = "N",
      description = "Layers of the encoder that the small one begins with, such as 0.")
  private List<Integer> layers = List.of();

  @Override
  public Integer call() throws IOException {
    return job.run(
        shape -> new Technique.Extract(prototypes, hidden, layers, tuning.epochs(shape, 60, 10)),
        engine);
  }
}
