package io.tierwise.distill.cycle;

import io.tierwise.distill.CodeVersion;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts two calibrated students in line: one artifact that holds both. */
public final class LineJob {
  private static final String NAME = "line";

  private LineJob() {}

  /**
   * @param lead how much surer the first must be than the second, in log-odds; at least 0
   * @throws IOException when {@code directory} is there already or the artifact cannot be written
   */
  public static Artifact run(
      Artifact first, Artifact second, double lead, Path directory, Clock clock)
      throws IOException {
    Manifest from = first.manifest();
    Map<String, Double> metrics = new TreeMap<>(from.metrics());
    second
        .manifest()
        .metrics()
        .forEach((name, value) -> metrics.put(ArtifactFiles.SECOND + name, value));
    ArtifactWriter.Draft draft =
        ArtifactWriter.Draft.after(
            from,
            from.calibration(),
            metrics,
            new Lineage(
                NAME,
                Map.of("lead", Double.toString(lead)),
                List.of(from.version(), second.manifest().version()),
                from.lineage().dataSha256(),
                from.lineage().seed(),
                CodeVersion.CURRENT),
            clock.instant());
    return ArtifactWriter.write(directory, draft, ArtifactWriter.inLine(first, second, lead));
  }
}
