package io.tierwise.distill.calibrate;

import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.distill.CodeVersion;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Calibrator;
import io.tierwise.router.confidence.IsotonicRegression;
import io.tierwise.router.confidence.Reliability;
import io.tierwise.router.confidence.TemperatureScaling;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fits a student's calibrator on answers that it was not trained on, and writes the calibrated
 * artifact. Temperature scaling; isotonic regression on top from 1,000 answers on, where it has the
 * points to pay for its freedom.
 */
public final class CalibrateJob {
  private static final String NAME = "calibrate";
  private static final int ENOUGH_FOR_ISOTONIC = 1000;
  private static final int FEWEST = 20;

  private CalibrateJob() {}

  /**
   * @param tuning none of them trained on
   * @throws InvalidValueException when there are too few answers to fit anything
   */
  public static Artifact run(
      Artifact artifact, List<Answered> tuning, Path directory, Clock clock) throws IOException {
    if (tuning.size() < FEWEST) {
      throw new InvalidValueException(
          "tuning", "there are " + tuning.size() + " answers", "give at least " + FEWEST);
    }
    try (Student student = Student.load(artifact)) {
      List<Prediction> predictions =
          student.predict(
              tuning.stream().<Input>map(answered -> new Input.Text(answered.text())).toList());
      double[][] logits =
          predictions.stream().map(Prediction::logits).toArray(double[][]::new);
      int[] labels =
          tuning.stream()
              .mapToInt(
                  answered -> artifact.manifest().labels().indexOf(answered.label().value()))
              .toArray();
      Calibrator calibrator = fit(logits, labels);
      return write(artifact, calibrator, metrics(calibrator, logits, labels), tuning, directory, clock);
    }
  }

  private static Calibrator fit(double[][] logits, int[] labels) {
    TemperatureScaling scaling = TemperatureScaling.fit(logits, labels);
    return logits.length >= ENOUGH_FOR_ISOTONIC
        ? IsotonicRegression.fit(scaling, logits, labels)
        : scaling;
  }

  private static Map<String, Double> metrics(
      Calibrator calibrator, double[][] logits, int[] labels) {
    Reliability reliability = Reliability.of(calibrator, logits, labels);
    return Map.of(
        "tuningAgreement", reliability.agreement(),
        "expectedCalibrationError", reliability.expectedCalibrationError());
  }

  private static Artifact write(
      Artifact artifact,
      Calibrator calibrator,
      Map<String, Double> measured,
      List<Answered> tuning,
      Path directory,
      Clock clock)
      throws IOException {
    Manifest from = artifact.manifest();
    Map<String, Double> metrics = new TreeMap<>(from.metrics());
    metrics.putAll(measured);
    ArtifactWriter.Draft draft =
        new ArtifactWriter.Draft(
            from.task(),
            from.shape(),
            from.featurizer(),
            from.labels(),
            Calibration.of(calibrator),
            metrics,
            new Lineage(
                NAME,
                List.of(from.version()),
                DataHash.of(tuning),
                from.lineage().seed(),
                CodeVersion.CURRENT),
            clock.instant());
    byte[] model = Files.readAllBytes(artifact.directory().resolve(ArtifactFiles.MODEL));
    return ArtifactWriter.write(directory, draft, Map.of(ArtifactFiles.MODEL, model));
  }
}
