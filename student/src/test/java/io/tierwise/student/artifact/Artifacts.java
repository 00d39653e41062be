package io.tierwise.student.artifact;

import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.feature.BagFeaturizer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Artifacts for tests. */
public final class Artifacts {
  public static final Instant MADE = Instant.parse("2026-01-31T12:00:00Z");

  private Artifacts() {}

  /** A draft of a bag with temperature 1. */
  public static ArtifactWriter.Draft bag(String task, List<String> labels) {
    return draft(task, Shape.BAG, BagFeaturizer.VERSION, labels);
  }

  /** A draft of a head on bge-small. */
  public static ArtifactWriter.Draft encoderHead(String task, List<String> labels) {
    return draft(task, Shape.ENCODER_HEAD, SentenceEncoder.BGE_SMALL, labels);
  }

  public static ArtifactWriter.Draft draft(
      String task, Shape shape, String featurizer, List<String> labels) {
    return new ArtifactWriter.Draft(
        task,
        shape,
        featurizer,
        labels,
        new Calibration.Temperature(1),
        Map.of("accuracy", 0.9375),
        new Lineage("test", Map.of(), List.of(), "", 7, "1"),
        MADE);
  }

  /** An artifact whose graph is no graph: enough for all that does not run it. */
  public static Artifact unloadable(Path directory, String task, int content) throws IOException {
    byte[] model = {1, 2, 3, (byte) content};
    return ArtifactWriter.write(
        directory, bag(task, List.of("no", "yes")), Map.of(ArtifactFiles.MODEL, model));
  }
}
