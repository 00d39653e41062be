package io.tierwise.distill.ladder;

import io.tierwise.distill.Progress;
import io.tierwise.distill.compress.CompressJob.Workshop;
import io.tierwise.distill.compress.Step;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The examples that a ladder's artifacts are made of and measured on. */
public interface Material {
  /** Of all that artifacts are made of. */
  String sha256();

  /**
   * Makes one artifact.
   *
   * @param parents in the order that the recipe names them
   * @param directory is made
   */
  Artifact make(Step step, List<Artifact> parents, Path directory, Workshop workshop)
      throws IOException;

  /** Which test examples an artifact is right about. */
  boolean[] right(Artifact artifact) throws IOException;

  /** How much is loaded to answer. */
  Size size(Artifact artifact) throws IOException;

  /**
   * The median time of an answer to {@code batch} inputs at once, taken of all artifacts in turns.
   *
   * @return microseconds, one an artifact
   */
  double[] medians(List<Artifact> artifacts, int batch, Progress progress) throws IOException;

  /**
   * How big an artifact is.
   *
   * @param gzipped what zeros save
   */
  record Size(long bytes, long gzipped) {}
}
