package io.tierwise.student.artifact;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an artifact is.
 *
 * @param formatVersion of the manifest itself: {@link #FORMAT}
 * @param version the first 12 hex digits of {@link ArtifactFiles#contentHash}
 * @param featurizer what turns an input into the graph's inputs, with its own version: {@code
 *     bag/1}, {@code bge-small-en-v15-q/1}, or {@code features/D} for the caller's own vectors of D
 *     numbers
 * @param labels in the order of the graph's logits
 * @param files by name
 * @param metrics measured on held-out data, by name
 * @param hardware that the latencies among the metrics were measured on; empty where there are none
 */
public record Manifest(
    int formatVersion,
    String task,
    String version,
    Shape shape,
    String featurizer,
    List<String> labels,
    List<ArtifactFile> files,
    Calibration calibration,
    Map<String, Double> metrics,
    String hardware,
    Lineage lineage,
    Instant createdAt) {
  /**
   * The format that this build writes, and the newest it reads. Format 1 had neither the hardware
   * nor the job's parameters; it is read as if they were empty.
   */
  public static final int FORMAT = 2;

  public Manifest {
    Requirement.positive("formatVersion", formatVersion);
    Requirement.identifier("version", version);
    labels = List.copyOf(labels);
    new Task.Classification(task, labels.stream().map(Label::new).toList());
    files = List.copyOf(files);
    requireAscending(files);
    metrics = new TreeMap<>(metrics);
    metrics.forEach(Manifest::requireFinite);
    metrics = Collections.unmodifiableMap(metrics);
  }

  /** Whether all is the same that decides an answer. */
  public boolean answersAs(Manifest other) {
    return version.equals(other.version)
        && task.equals(other.task)
        && shape == other.shape
        && featurizer.equals(other.featurizer)
        && labels.equals(other.labels)
        && files.equals(other.files)
        && calibration.equals(other.calibration);
  }

  /** Without figures and times: the same bytes whenever it is written. */
  public Manifest bare() {
    return new Manifest(
        formatVersion,
        task,
        version,
        shape,
        featurizer,
        labels,
        files,
        calibration,
        Map.of(),
        "",
        lineage,
        Instant.EPOCH);
  }

  /** With further metrics, in the place of those of the same names. */
  Manifest with(Map<String, Double> measured, String measuredOn) {
    Map<String, Double> all = new TreeMap<>(metrics);
    all.putAll(measured);
    return new Manifest(
        formatVersion,
        task,
        version,
        shape,
        featurizer,
        labels,
        files,
        calibration,
        all,
        measuredOn,
        lineage,
        createdAt);
  }

  private static void requireAscending(List<ArtifactFile> files) {
    if (files.isEmpty()) {
      throw new InvalidValueException("files", "there are none", "list the graph's file at least");
    }
    for (int i = 1; i < files.size(); i++) {
      if (files.get(i - 1).name().compareTo(files.get(i).name()) >= 0) {
        throw new InvalidValueException(
            "files[" + i + "].name",
            "'" + files.get(i).name() + "' is out of order or there twice",
            "list the files by name, each once");
      }
    }
  }

  private static void requireFinite(String name, Double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidValueException(
          "metrics." + name, value + " is not finite", "leave out what was not measured");
    }
  }
}
