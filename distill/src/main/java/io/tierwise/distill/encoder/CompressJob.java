package io.tierwise.distill.encoder;

import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An encoder's compression in one go, after distilling and again after every update: feed-forward
 * units pruned, then everything quantized. What is between is left beside the result, as an update
 * goes on from it.
 */
public final class CompressJob {
  private CompressJob() {}

  /**
   * What to do.
   *
   * @param keep share of the feed-forward units; empty to keep all
   * @param scaling of the states; empty to stay in single precision
   */
  public record Spec(OptionalDouble keep, Optional<QuantizeEncoderJob.Scaling> scaling, long seed) {
    public Spec {
      if (keep.isEmpty() && scaling.isEmpty()) {
        throw new InvalidValueException(
            "compression", "there is nothing to do", "prune units, quantize, or both");
      }
    }
  }

  /**
   * Compresses an encoder in single precision.
   *
   * @param directory a new one; the pruned encoder is written beside it, with {@code -pruned} after
   *     its name, where it is quantized next
   */
  public static Artifact run(
      Artifact artifact, Spec spec, List<Answered> examples, Path directory, Workshop workshop)
      throws IOException {
    Artifact pruned = artifact;
    if (spec.keep().isPresent()) {
      pruned =
          PruneUnitsJob.run(
              artifact,
              new PruneUnitsJob.Spec(
                  spec.keep().getAsDouble(),
                  PruneUnitsJob.Spec.half(spec.seed()).training(),
                  spec.seed()),
              examples,
              spec.scaling().isPresent() ? beside(directory) : directory,
              workshop);
    }
    if (spec.scaling().isEmpty()) {
      return pruned;
    }
    return QuantizeEncoderJob.run(
        pruned,
        QuantizeEncoderJob.Spec.of(spec.scaling().get()),
        examples,
        directory,
        workshop.clock(),
        workshop.progress());
  }

  /** Where the pruned encoder is kept. */
  private static Path beside(Path artifact) {
    return artifact.resolveSibling(artifact.getFileName() + "-pruned");
  }
}
