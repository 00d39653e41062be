package io.tierwise.cli;

import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.encoder.CompressJob;
import io.tierwise.distill.encoder.QuantizeEncoderJob.Scaling;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an encoder is made smaller once it is trained. */
final class CompressionOption {
  @Option(
      names = "--units",
      paramLabel = "SHARE",
      description = "Keep so many of the feed-forward units, such as 0.5, and train on.")
  private @Nullable Double units;

  @Option(
      names = "--bytes",
      paramLabel = "SCALING",
      description =
          "Quantize matrices and word table to bytes; states are scaled ${COMPLETION-CANDIDATES}:"
              + " at each call, or by ranges measured on the texts.")
  private @Nullable Scaling bytes;

  boolean chosen() {
    return units != null || bytes != null;
  }

  /** The artifact itself where nothing was chosen. */
  Artifact apply(Artifact artifact, List<Answered> examples, Path out, long seed, Workshop workshop)
      throws IOException {
    if (!chosen()) {
      return artifact;
    }
    CompressJob.Spec spec =
        new CompressJob.Spec(
            units == null ? OptionalDouble.empty() : OptionalDouble.of(units),
            Optional.ofNullable(bytes),
            seed);
    return CompressJob.run(artifact, spec, examples, out, workshop);
  }
}
