package io.tierwise.distill.ladder;

import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The median time of a forward pass, of several graphs in one run: each round runs every one of
 * them once, so that what else the machine does falls on all alike.
 */
final class Latency {
  private static final int WARM_UP = 50;

  private Latency() {}

  /**
   * @param inputs [rows][dimensions], the batch that each pass takes
   * @param rounds how often each is timed
   * @return microseconds, one an artifact
   */
  static double[] medians(List<Artifact> artifacts, float[][] inputs, int rounds)
      throws IOException {
    List<OnnxModel> models = new ArrayList<>();
    try {
      for (Artifact artifact : artifacts) {
        models.add(OnnxModel.load(artifact.directory().toString(), graph(artifact)));
      }
      return medians(models, tensor(inputs), rounds);
    } finally {
      models.forEach(OnnxModel::close);
    }
  }

  private static double[] medians(List<OnnxModel> models, Tensor input, int rounds) {
    long[][] nanos = new long[models.size()][rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      for (int i = 0; i < nanos.length; i++) {
        long start = System.nanoTime();
        models.get(i).forward(input);
        if (round >= 0) {
          nanos[i][round] = System.nanoTime() - start;
        }
      }
    }
    return Arrays.stream(nanos).mapToDouble(Latency::median).toArray();
  }

  private static double median(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2] / 1000.0;
  }

  /** The compiled one where there is one: artifacts are compiled where they are measured. */
  private static byte[] graph(Artifact artifact) throws IOException {
    boolean compiled =
        artifact.manifest().files().stream()
            .anyMatch(file -> file.name().equals(ArtifactFiles.COMPILED));
    return artifact.read(compiled ? ArtifactFiles.COMPILED : ArtifactFiles.MODEL);
  }

  private static Tensor tensor(float[][] inputs) {
    int dimensions = inputs[0].length;
    float[] values = new float[inputs.length * dimensions];
    for (int i = 0; i < inputs.length; i++) {
      System.arraycopy(inputs[i], 0, values, i * dimensions, dimensions);
    }
    return new Tensor.Floats("features", values, inputs.length, dimensions);
  }
}
