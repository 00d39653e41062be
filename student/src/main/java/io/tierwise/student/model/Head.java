package io.tierwise.student.model;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Calibrator;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.onnx.BagModel;
import io.tierwise.student.onnx.Graph;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Target;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An artifact's graph with the meaning of its logits: labels and calibration. Thread-safe. */
final class Head implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Head.class);

  private final Graph graph;
  private final List<Label> labels;
  private final Calibrator calibrator;

  private Head(Graph graph, List<Label> labels, Calibrator calibrator) {
    this.graph = graph;
    this.labels = labels;
    this.calibrator = calibrator;
  }

  /**
   * @param sample one input of the right form; run once, so that a graph that does not fit its
   *     manifest is refused now, and the first request is no slower than the next
   */
  static Head load(Artifact artifact, Tensor... sample) throws IOException {
    List<Label> labels = artifact.manifest().labels().stream().map(Label::new).toList();
    Graph graph = graph(artifact);
    Head head = new Head(graph, labels, artifact.manifest().calibration().calibrator());
    try {
      head.predict(sample);
      return head;
    } catch (RuntimeException e) {
      graph.close();
      throw new InvalidValueException(
          artifact.place(file(artifact)),
          "the graph does not fit the manifest: " + e.getMessage(),
          "export it with the inputs of shape '" + artifact.manifest().shape() + "'");
    }
  }

  /** A bag straight from its table; all else under ONNX Runtime. */
  private static Graph graph(Artifact artifact) throws IOException {
    if (artifact.manifest().shape() == Shape.BAG) {
      Optional<BagModel> bag =
          BagModel.read(artifact.place(ArtifactFiles.MODEL), artifact.read(ArtifactFiles.MODEL));
      if (bag.isPresent()) {
        return bag.get();
      }
    }
    String file = file(artifact);
    return OnnxModel.load(artifact.place(file), artifact.read(file));
  }

  /** The compiled graph where it was compiled for this machine, else the portable one. */
  private static String file(Artifact artifact) throws IOException {
    boolean compiled =
        artifact.manifest().files().stream()
            .anyMatch(each -> each.name().equals(ArtifactFiles.COMPILED));
    if (!compiled) {
      return ArtifactFiles.MODEL;
    }
    String target = new String(artifact.read(ArtifactFiles.TARGET), StandardCharsets.UTF_8);
    String here = Target.here();
    if (target.equals(here)) {
      return ArtifactFiles.COMPILED;
    }
    LOG.info(
        "{} was compiled for {}, and this is {}: its portable graph is used",
        artifact.directory(),
        target,
        here);
    return ArtifactFiles.MODEL;
  }

  /** One prediction for each row of the inputs. */
  List<Prediction> predict(Tensor... inputs) {
    int rows = inputs[0].rows();
    Graph.Output output = graph.forward(inputs);
    if (!Arrays.equals(output.shape(), new long[] {rows, labels.size()})) {
      throw new IllegalStateException(
          "it answers %s for %d inputs and %d labels"
              .formatted(Arrays.toString(output.shape()), rows, labels.size()));
    }
    List<Prediction> predictions = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      predictions.add(prediction(logits(output.values(), row)));
    }
    return predictions;
  }

  @Override
  public void close() {
    graph.close();
  }

  private Prediction prediction(double[] logits) {
    Distribution distribution = Distribution.of(labels, calibrator.probabilities(logits));
    return new Prediction(
        labels.get(distribution.top()), distribution, calibrator.confidence(logits), logits);
  }

  private double[] logits(float[] values, int row) {
    double[] logits = new double[labels.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = values[row * logits.length + i];
      if (!Double.isFinite(logits[i])) {
        throw new IllegalStateException("a logit is " + logits[i]);
      }
    }
    return logits;
  }
}
