package io.tierwise.distill.compress;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.encoder.ExtractEncoderJob;
import io.tierwise.distill.encoder.PruneEncoderJob;
import io.tierwise.distill.encoder.QuantizeEncoderJob;
import io.tierwise.distill.encoder.Training;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The techniques on encoders. */
final class EncoderTechniques {
  private static final int BATCH = 64;

  /** Share of the word pieces that are hidden while fine-tuning. */
  private static final float BLANKED = 0.1f;

  private final List<Artifact> parents;
  private final List<Answered> examples;
  private final TechniqueJob.Workshop workshop;

  EncoderTechniques(
      List<Artifact> parents, List<Answered> examples, TechniqueJob.Workshop workshop) {
    this.parents = parents;
    this.examples = examples;
    this.workshop = workshop;
  }

  Artifact run(Technique technique, Path directory) throws IOException {
    return switch (technique) {
      case Technique.PruneNeurons prune -> prune(prune, directory);
      case Technique.Extract extract -> extract(extract, directory);
      case Technique.Quantize quantize ->
          QuantizeEncoderJob.run(
              parents.getFirst(),
              QuantizeEncoderJob.Spec.of(quantize.scaling()),
              examples,
              directory,
              workshop.clock(),
              workshop.progress());
      case Technique.Compile compile ->
          write(technique, GraphTechniques.compile(parents.getFirst()), directory);
      case Technique.Fuse fuse -> write(technique, GraphTechniques.fuse(parents, fuse), directory);
      case Technique.Train train -> throw TechniqueJob.refused(technique, parents);
      case Technique.Distill distill -> throw TechniqueJob.refused(technique, parents);
      case Technique.PruneWeights prune -> throw TechniqueJob.refused(technique, parents);
      case Technique.Factorize factorize -> throw TechniqueJob.refused(technique, parents);
    };
  }

  private Artifact prune(Technique.PruneNeurons prune, Path directory) throws IOException {
    return PruneEncoderJob.run(
        parents.getFirst(),
        new PruneEncoderJob.Spec(
            prune.keep(), prune.heads(), training(prune.epochs()), workshop.seed()),
        examples,
        directory,
        workshop.clock(),
        workshop.progress());
  }

  private Artifact extract(Technique.Extract extract, Path directory) throws IOException {
    if (!extract.hidden().isEmpty()) {
      throw new InvalidValueException(
          "hidden", "an encoder begins with layers of its parent's", "give these layers");
    }
    return ExtractEncoderJob.run(
        parents.getFirst(),
        new ExtractEncoderJob.Spec(
            extract.prototypes(), extract.layers(), training(extract.epochs()), workshop.seed()),
        examples,
        directory,
        workshop.engine(),
        workshop.clock(),
        workshop.progress());
  }

  private static Training training(Technique.Epochs epochs) {
    return new Training(epochs.count(), BATCH, epochs.rate(), BLANKED);
  }

  private Artifact write(Technique technique, Map<String, byte[]> files, Path directory)
      throws IOException {
    return GraphTechniques.write(technique, parents, examples, files, directory, workshop);
  }
}
