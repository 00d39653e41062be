package io.tierwise.student.model;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Calibrator;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An artifact's graph with the meaning of its logits: labels and calibration. Thread-safe. */
final class Head implements AutoCloseable {
  private final OnnxModel model;
  private final List<Label> labels;
  private final Calibrator calibrator;

  private Head(OnnxModel model, List<Label> labels, Calibrator calibrator) {
    this.model = model;
    this.labels = labels;
    this.calibrator = calibrator;
  }

  /**
   * @param sample one input of the right form; run once, so that a graph that does not fit its
   *     manifest is refused now, and the first request is no slower than the next
   */
  static Head load(Artifact artifact, Tensor... sample) throws IOException {
    List<Label> labels = artifact.manifest().labels().stream().map(Label::new).toList();
    String place = artifact.directory().resolve(ArtifactFiles.MODEL).toString();
    OnnxModel model = OnnxModel.load(place, artifact.read(ArtifactFiles.MODEL));
    Head head = new Head(model, labels, artifact.manifest().calibration().calibrator());
    try {
      head.predict(sample);
      return head;
    } catch (RuntimeException e) {
      model.close();
      throw new InvalidValueException(
          place,
          "the graph does not fit the manifest: " + e.getMessage(),
          "export it with the inputs of shape '" + artifact.manifest().shape() + "'");
    }
  }

  /** One prediction for each row of the inputs. */
  List<Prediction> predict(Tensor... inputs) {
    int rows = inputs[0].rows();
    OnnxModel.Output output = model.forward(inputs);
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
    model.close();
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
