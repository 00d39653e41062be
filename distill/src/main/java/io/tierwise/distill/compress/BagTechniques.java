package io.tierwise.distill.compress;

import io.tierwise.distill.Kept;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.onnx.BagGraph;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The techniques on bags: on the table, which is nearly all of a bag. */
final class BagTechniques {
  private final List<Artifact> parents;
  private final List<Answered> examples;
  private final TechniqueJob.Workshop workshop;

  BagTechniques(List<Artifact> parents, List<Answered> examples, TechniqueJob.Workshop workshop) {
    this.parents = parents;
    this.examples = examples;
    this.workshop = workshop;
  }

  Artifact run(Technique technique, Path directory) throws IOException {
    return switch (technique) {
      case Technique.PruneNeurons prune -> write(technique, directory, model(fewer(keep(prune))));
      case Technique.Factorize factorize ->
          write(
              technique,
              directory,
              model(
                  new BagComponents(new Factorize(factorize.rank(), factorize.energy()))
                      .factorize(bag(), texts())));
      case Technique.Compile compile ->
          write(technique, directory, GraphTechniques.compile(parents.getFirst()));
      case Technique.Fuse fuse -> write(technique, directory, GraphTechniques.fuse(parents, fuse));
      case Technique.Train train -> throw TechniqueJob.refused(technique, parents);
      case Technique.Distill distill -> throw TechniqueJob.refused(technique, parents);
      case Technique.PruneWeights prune -> throw TechniqueJob.refused(technique, parents);
      case Technique.Extract extract -> throw TechniqueJob.refused(technique, parents);
      case Technique.Quantize quantize -> throw TechniqueJob.refused(technique, parents);
    };
  }

  private static Kept keep(Technique.PruneNeurons prune) {
    if (prune.heads().isPresent()) {
      throw new InvalidValueException("heads", "a bag has none", "give how many rows to keep");
    }
    return prune.keep().orElseThrow();
  }

  /** A table without all of its rows has to say where each bucket's is. */
  private BagGraph fewer(Kept keep) throws IOException {
    BagGraph bag = bag();
    BagGraph pruned = new BagRows(keep).prune(bag, texts());
    int places = bag.places() == null ? bag.buckets() * Integer.BYTES : 0;
    if (pruned.table().length + places >= bag.table().length) {
      throw new InvalidValueException(
          "keep",
          "%d bytes of rows and %d of their places are no less than %d of rows"
              .formatted(pruned.table().length, places, bag.table().length),
          "keep fewer, or leave this narrow table as it is");
    }
    return pruned;
  }

  private BagGraph bag() throws IOException {
    Artifact parent = parents.getFirst();
    return BagGraph.read(
        parent.directory().resolve(ArtifactFiles.MODEL).toString(),
        parent.read(ArtifactFiles.MODEL));
  }

  private List<Bag> texts() {
    BagFeaturizer featurizer = new BagFeaturizer();
    return examples.stream().map(each -> featurizer.featurize(each.text())).toList();
  }

  private static Map<String, byte[]> model(BagGraph bag) {
    return Map.of(ArtifactFiles.MODEL, bag.write());
  }

  private Artifact write(Technique technique, Path directory, Map<String, byte[]> files)
      throws IOException {
    return GraphTechniques.write(technique, parents, examples, files, directory, workshop);
  }
}
