package io.tierwise.cli;

import io.tierwise.distill.compress.Technique;
import io.tierwise.distill.onnx.Scaling;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tierwise distill quantize}. */
@Command(
    name = "quantize",
    mixinStandardHelpOptions = true,
    header = "Rewrites a student's matrices in bytes.",
    description = {
      "Rewrites the matrices of an mlp or an encoder in bytes, a scale for every column, and an",
      "encoder's word table, a scale for every row. The calibration stays."
    })
final class QuantizeCommand implements Callable<Integer> {
  @Mixin private TechniqueOption job;

  @Option(
      names = "--scaling",
      defaultValue = "dynamic",
      paramLabel = "HOW",
      description =
          "Of what the matrices are multiplied by, one of ${COMPLETION-CANDIDATES}: at each call,"
              + " or by ranges measured on --data (default: ${DEFAULT-VALUE}).")
  private Scaling scaling;

  @Override
  public Integer call() throws IOException {
    return job.run(shape -> new Technique.Quantize(scaling));
  }
}
