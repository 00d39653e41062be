package io.tierwise.cli;

import io.tierwise.distill.Kept;
import io.tierwise.distill.compress.Technique;
import io.tierwise.distill.compress.TechniqueJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.onnx.Scaling;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an encoder is made smaller in the same go, once it is trained. */
final class CompressionOption {
  private static final Technique.Epochs AFTER_PRUNING = new Technique.Epochs(2, 2e-4f);

  @Option(
      names = "--units",
      paramLabel = "N|SHARE",
      description =
          "Keep so many of the feed-forward units, such as 0.5, and train on, as 'distill"
              + " prune-neurons' does.")
  private @Nullable String units;

  @Option(
      names = "--heads",
      paramLabel = "N|SHARE",
      description = "Keep so many of the heads of attention, and train on.")
  private @Nullable String heads;

  @Option(
      names = "--bytes",
      paramLabel = "SCALING",
      description =
          "Quantize matrices and word table to bytes, as 'distill quantize' does; states are scaled"
              + " ${COMPLETION-CANDIDATES}: at each call, or by ranges measured on the texts.")
  private @Nullable Scaling bytes;

  boolean chosen() {
    return units != null || heads != null || bytes != null;
  }

  /** The artifact itself where nothing was chosen. */
  Artifact apply(
      Artifact artifact, List<Answered> examples, Path out, long seed, ProgressOption progress)
      throws IOException {
    List<Technique> techniques = new ArrayList<>();
    if (units != null || heads != null) {
      techniques.add(
          new Technique.PruneNeurons(
              Optional.ofNullable(units).map(Kept::of),
              Optional.ofNullable(heads).map(Kept::of),
              AFTER_PRUNING));
    }
    if (bytes != null) {
      techniques.add(new Technique.Quantize(bytes));
    }
    try (Engine engine = Engine.local()) {
      return TechniqueJob.chain(
          techniques,
          artifact,
          examples,
          out,
          new TechniqueJob.Workshop(seed, engine, Clock.systemUTC(), progress.watch()));
    }
  }
}
