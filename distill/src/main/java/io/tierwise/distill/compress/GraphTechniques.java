package io.tierwise.distill.compress;

import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.distill.onnx.FusedModel;
import io.tierwise.distill.onnx.JobArtifact;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.onnx.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is done to a graph without knowing what it computes, so to any shape. */
final class GraphTechniques {
  private GraphTechniques() {}

  /** The parent's files, with its graph rewritten for this processor beside them. */
  static Map<String, byte[]> compile(Artifact parent) throws IOException {
    Map<String, byte[]> files = files(parent);
    byte[] portable = parent.read(ArtifactFiles.MODEL);
    files.put(ArtifactFiles.COMPILED, Compiler.compile(portable));
    files.put(ArtifactFiles.TARGET, Target.here().getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /**
   * The parents as one graph. What else they have, such as a tokenizer, must be the same in all.
   *
   * @throws InvalidValueException where they read or answer different things
   */
  static Map<String, byte[]> fuse(List<Artifact> parents, Technique.Fuse fuse) throws IOException {
    List<Double> shares = shares(parents, fuse);
    Map<String, byte[]> files = files(parents.getFirst());
    for (Artifact parent : parents) {
      requireAlike(parents.getFirst(), files, parent);
    }
    List<byte[]> models = new ArrayList<>();
    for (Artifact parent : parents) {
      models.add(parent.read(ArtifactFiles.MODEL));
    }
    files.put(ArtifactFiles.MODEL, FusedModel.of(models, shares));
    return files;
  }

  /** Writes files whose graph reads and answers what the first parent's does. */
  static Artifact write(
      Technique technique,
      List<Artifact> parents,
      List<Answered> examples,
      Map<String, byte[]> files,
      Path directory,
      TechniqueJob.Workshop workshop)
      throws IOException {
    Manifest parent = parents.getFirst().manifest();
    return JobArtifact.write(
        directory,
        new ArtifactWriter.Draft(
            parent.task(),
            parent.shape(),
            parent.featurizer(),
            parent.labels(),
            // A compiled graph's logits are its parent's.
            technique instanceof Technique.Compile
                ? parent.calibration()
                : new Calibration.Temperature(1),
            Map.of(),
            new Lineage(
                technique.job(),
                technique.parameters(),
                parents.stream().map(each -> each.manifest().version()).toList(),
                DataHash.of(examples),
                workshop.seed(),
                CodeVersion.CURRENT),
            workshop.clock().instant()),
        files,
        made(technique));
  }

  /** The graph that is the technique's own work. */
  static String made(Technique technique) {
    return technique instanceof Technique.Compile ? ArtifactFiles.COMPILED : ArtifactFiles.MODEL;
  }

  private static List<Double> shares(List<Artifact> parents, Technique.Fuse fuse) {
    if (fuse.shares().isEmpty()) {
      return parents.stream().map(each -> 1.0 / parents.size()).toList();
    }
    if (fuse.shares().size() != parents.size()) {
      throw new InvalidValueException(
          "shares",
          "there are " + fuse.shares().size() + " for " + parents.size() + " artifacts",
          "give one for each");
    }
    return fuse.shares();
  }

  private static void requireAlike(Artifact first, Map<String, byte[]> files, Artifact other)
      throws IOException {
    if (!other.manifest().labels().equals(first.manifest().labels())
        || !other.manifest().featurizer().equals(first.manifest().featurizer())) {
      throw new InvalidValueException(
          other.directory().toString(),
          "its labels or its featurizer are not those of " + first.directory(),
          "fuse students of one task and one shape");
    }
    Map<String, byte[]> others = files(other);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      byte[] its = others.get(file.getKey());
      if (!file.getKey().equals(ArtifactFiles.MODEL) && !Arrays.equals(file.getValue(), its)) {
        throw new InvalidValueException(
            other.directory().resolve(file.getKey()).toString(),
            "it is not that of " + first.directory(),
            "fuse students that were made from the same texts");
      }
    }
  }

  /** All but what belongs to one processor. */
  private static Map<String, byte[]> files(Artifact artifact) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (ArtifactFile file : artifact.manifest().files()) {
      if (!file.name().equals(ArtifactFiles.COMPILED)
          && !file.name().equals(ArtifactFiles.TARGET)) {
        files.put(file.name(), artifact.read(file.name()));
      }
    }
    return files;
  }
}
