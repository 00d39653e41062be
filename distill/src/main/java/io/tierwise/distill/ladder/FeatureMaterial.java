package io.tierwise.distill.ladder;

import io.tierwise.distill.Progress;
import io.tierwise.distill.compress.CompressJob;
import io.tierwise.distill.compress.Step;
import io.tierwise.distill.compress.Technique;
import io.tierwise.distill.data.FeatureSet;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Feature vectors. A latency is that of the forward pass, a size that of the graph.
 *
 * @param test nothing is fitted to it
 */
public record FeatureMaterial(FeatureSet train, FeatureSet test) implements Material {
  private static final int CALLS = 1000;

  @Override
  public String sha256() {
    return train.sha256();
  }

  @Override
  public Artifact make(
      Step step, List<Artifact> parents, Path directory, CompressJob.Workshop workshop)
      throws IOException {
    if (step instanceof Technique technique) {
      return CompressJob.run(technique, parents, train, directory, workshop);
    }
    throw new IllegalArgumentException(step + " is not for feature vectors");
  }

  @Override
  public boolean[] right(Artifact artifact) throws IOException {
    try (Student student = Student.load(artifact)) {
      List<Input> inputs = Arrays.stream(test.features()).<Input>map(Input.Features::new).toList();
      List<Prediction> predictions = student.predict(inputs);
      boolean[] right = new boolean[test.size()];
      for (int i = 0; i < right.length; i++) {
        right[i] = predictions.get(i).label().equals(test.labels().get(test.classes()[i]));
      }
      return right;
    }
  }

  @Override
  public Size size(Artifact artifact) throws IOException {
    byte[] graph = artifact.read(ArtifactFiles.MODEL);
    return new Size(graph.length, Gzip.length(graph));
  }

  @Override
  public double[] medians(List<Artifact> artifacts, int batch, Progress progress)
      throws IOException {
    float[][] inputs = Arrays.copyOf(test.features(), Math.min(batch, test.size()));
    return Latency.medians(artifacts, inputs, batch == 1 ? CALLS : CALLS / 4);
  }
}
