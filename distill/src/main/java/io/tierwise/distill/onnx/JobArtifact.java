package io.tierwise.distill.onnx;

import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** How jobs write artifacts: a graph that a job made says so itself, beside the manifest. */
public final class JobArtifact {
  private JobArtifact() {}

  /** An artifact whose {@link ArtifactFiles#MODEL} the job made. */
  public static Artifact write(
      Path directory, ArtifactWriter.Draft draft, Map<String, byte[]> files) throws IOException {
    return write(directory, draft, files, ArtifactFiles.MODEL);
  }

  /**
   * An artifact of which the job made one graph; others are another job's and stay as they are.
   *
   * @param made the graph's file
   */
  public static Artifact write(
      Path directory, ArtifactWriter.Draft draft, Map<String, byte[]> files, String made)
      throws IOException {
    Map<String, byte[]> stamped = new TreeMap<>(files);
    byte[] graph = stamped.get(made);
    if (graph == null) {
      throw new IllegalArgumentException(made + " is not among " + files.keySet());
    }
    stamped.put(made, Provenance.stamped(graph, draft.task(), draft.lineage()));
    return ArtifactWriter.write(directory, draft, stamped);
  }
}
