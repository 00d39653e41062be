package io.tierwise.cli;

import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import picocli.CommandLine.Option;

/** Where a job runs. */
final class EngineOption {
  @Option(
      names = "--engine",
      defaultValue = Engine.LOCAL,
      paramLabel = "ENGINE",
      description = {
        "local: in this process, on its GPUs if it has any. spark: in worker JVMs, each with its",
        "share of the data; gradients are averaged in every step. Default: ${DEFAULT-VALUE}."
      })
  private String engine;

  @Option(
      names = "--workers",
      defaultValue = "2",
      paramLabel = "N",
      description = "How many worker JVMs spark has (default: ${DEFAULT-VALUE}).")
  private int workers;

  /** Whether it is another than this process. */
  boolean away() {
    return !engine.equals(Engine.LOCAL);
  }

  Engine open() {
    return Engines.open(engine, workers);
  }
}
