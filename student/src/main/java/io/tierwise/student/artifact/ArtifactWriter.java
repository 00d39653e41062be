package io.tierwise.student.artifact;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes artifacts: a directory is there whole, or not at all. */
public final class ArtifactWriter {
  private ArtifactWriter() {}

  /**
   * A manifest before its files are known.
   *
   * @see Manifest
   */
  public record Draft(
      String task,
      Shape shape,
      String featurizer,
      List<String> labels,
      Calibration calibration,
      Map<String, Double> metrics,
      Lineage lineage,
      Instant createdAt) {
    /** Of a student that answers as another one does, and reads the same. */
    public static Draft after(
        Manifest from,
        Calibration calibration,
        Map<String, Double> metrics,
        Lineage lineage,
        Instant createdAt) {
      return new Draft(
          from.task(),
          from.shape(),
          from.featurizer(),
          from.labels(),
          calibration,
          metrics,
          lineage,
          createdAt);
    }
  }

  /**
   * @param directory is made; its parents are too where they are missing
   * @param files content by name; {@link ArtifactFiles#MODEL} must be among them, or {@link
   *     ArtifactFiles#ROUTER} where the shape has that
   * @return the artifact, verified as {@link Artifact#open} does
   * @throws FileAlreadyExistsException where {@code directory} is there already
   */
  public static Artifact write(Path directory, Draft draft, Map<String, byte[]> files)
      throws IOException {
    Manifest manifest = manifest(draft, new TreeMap<>(files));
    if (Files.exists(directory)) {
      throw new FileAlreadyExistsException(
          directory.toString(), null, "an artifact is never written over; choose a new directory");
    }
    Path partial = DurableFiles.partial(directory);
    DurableFiles.delete(partial);
    Files.createDirectories(partial);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      DurableFiles.write(partial.resolve(file.getKey()), file.getValue());
    }
    DurableFiles.write(partial.resolve(ArtifactFiles.MANIFEST), ArtifactFiles.json(manifest));
    Artifact.open(partial);
    DurableFiles.show(partial, directory);
    return new Artifact(directory, manifest);
  }

  /**
   * The files of two students in line, to be written under a draft of the first's.
   *
   * @param lead how much surer the first must be than the second, in log-odds
   */
  public static Map<String, byte[]> inLine(Artifact first, Artifact second, double lead)
      throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (ArtifactFile file : first.manifest().files()) {
      files.put(file.name(), first.read(file.name()));
    }
    for (ArtifactFile file : second.manifest().files()) {
      files.put(ArtifactFiles.SECOND + file.name(), second.read(file.name()));
    }
    files.put(
        ArtifactFiles.SECOND + ArtifactFiles.MANIFEST,
        ArtifactFiles.json(second.manifest().bare()));
    files.put(ArtifactFiles.LEAD, Double.toString(lead).getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /**
   * Adds what was measured afterwards to an artifact's manifest, which keeps its version: figures
   * decide no answer. Not for artifacts in a registry, which never change.
   *
   * @param hardware that the latencies among the metrics are of
   */
  public static Artifact measured(Artifact artifact, Map<String, Double> metrics, String hardware)
      throws IOException {
    Manifest manifest = artifact.manifest().with(metrics, hardware);
    DurableFiles.replace(
        artifact.directory().resolve(ArtifactFiles.MANIFEST), ArtifactFiles.json(manifest));
    return new Artifact(artifact.directory(), manifest);
  }

  private static Manifest manifest(Draft draft, SortedMap<String, byte[]> files) {
    String model = draft.shape.model();
    if (!files.containsKey(model) || files.containsKey(ArtifactFiles.MANIFEST)) {
      throw new InvalidValueException(
          "files",
          "they are " + files.keySet(),
          "give " + model + ", and leave " + ArtifactFiles.MANIFEST + " to the writer");
    }
    List<ArtifactFile> described =
        files.entrySet().stream()
            .map(file ->
                new ArtifactFile(
                    file.getKey(), file.getValue().length, ArtifactFiles.sha256(file.getValue())))
            .toList();
    String hash =
        ArtifactFiles.contentHash(
            draft.task, draft.labels, draft.featurizer, draft.calibration, described);
    return new Manifest(
        Manifest.FORMAT,
        draft.task,
        ArtifactFiles.version(hash),
        draft.shape,
        draft.featurizer,
        draft.labels,
        described,
        draft.calibration,
        draft.metrics,
        "",
        draft.lineage,
        draft.createdAt);
  }
}
