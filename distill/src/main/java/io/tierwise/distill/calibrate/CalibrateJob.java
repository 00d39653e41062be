package io.tierwise.distill.calibrate;

import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.NewDirectory;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Calibrator;
import io.tierwise.router.confidence.Reliability;
import io.tierwise.router.confidence.TemperatureScaling;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fits a student's temperature on answers that it was not trained on, and writes the calibrated
 * artifact. Temperature scaling keeps confidences distinct; isotonic regression would lump them
 * into steps, and a certified threshold could then only fall on a step.
 */
public final class CalibrateJob {
  /** Fewer answers say too little about a temperature. */
  public static final int FEWEST = 20;

  /** How a student is loaded. */
  @FunctionalInterface
  public interface Loader {
    Student load(Artifact artifact) throws IOException;
  }

  private static final String NAME = "calibrate";
  private static final int BINS = 10;

  private CalibrateJob() {}

  /**
   * @param tuning none of them trained on
   * @throws InvalidValueException when there are fewer than {@link #FEWEST} answers, or one is not
   *     a label of the student
   * @throws IOException when {@code directory} is there already or the artifact cannot be written
   */
  public static Artifact run(Artifact artifact, List<Answered> tuning, Path directory, Clock clock)
      throws IOException {
    return run(artifact, tuning, directory, clock, Student::load);
  }

  /**
   * The same with another way to load the student, such as one with an encoder that is there
   * already.
   */
  public static Artifact run(
      Artifact artifact, List<Answered> tuning, Path directory, Clock clock, Loader loader)
      throws IOException {
    if (tuning.size() < FEWEST) {
      throw new InvalidValueException(
          "tuning", "there are " + tuning.size() + " answers", "give at least " + FEWEST);
    }
    NewDirectory.require(directory);
    int[] labels = labels(artifact, tuning);
    try (Student student = loader.load(artifact)) {
      List<Prediction> predictions = student.predict(tuning.stream().map(Answered::input).toList());
      double[][] logits = predictions.stream().map(Prediction::logits).toArray(double[][]::new);
      TemperatureScaling scaling = TemperatureScaling.fit(logits, labels);
      return write(artifact, scaling, metrics(scaling, logits, labels), tuning, directory, clock);
    }
  }

  /** For each answer, the index of its label in the student's. */
  private static int[] labels(Artifact artifact, List<Answered> tuning) {
    int[] labels = new int[tuning.size()];
    for (int i = 0; i < labels.length; i++) {
      String label = tuning.get(i).label().value();
      labels[i] = artifact.manifest().labels().indexOf(label);
      if (labels[i] < 0) {
        throw new InvalidValueException(
            "tuning[" + i + "]",
            "'" + label + "' is not a label of the student",
            "leave the row out, or distil a student with that label");
      }
    }
    return labels;
  }

  private static Map<String, Double> metrics(
      TemperatureScaling scaling, double[][] logits, int[] labels) {
    double[] confidences = new double[labels.length];
    boolean[] agreed = new boolean[labels.length];
    int agreements = 0;
    for (int i = 0; i < labels.length; i++) {
      confidences[i] = scaling.confidence(logits[i]).value();
      agreed[i] = top(logits[i]) == labels[i];
      agreements += agreed[i] ? 1 : 0;
    }
    return Map.of(
        "tuningAgreement",
        (double) agreements / labels.length,
        "expectedCalibrationError",
        Reliability.of(confidences, agreed, BINS).expectedCalibrationError());
  }

  private static int top(double[] logits) {
    int best = 0;
    for (int k = 1; k < logits.length; k++) {
      if (logits[k] > logits[best]) {
        best = k;
      }
    }
    return best;
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
        ArtifactWriter.Draft.after(
            from,
            Calibration.of(calibrator),
            metrics,
            new Lineage(
                NAME,
                Map.of("method", "temperature"),
                List.of(from.version()),
                DataHash.of(tuning),
                from.lineage().seed(),
                CodeVersion.CURRENT),
            clock.instant());
    Map<String, byte[]> files = new TreeMap<>();
    for (ArtifactFile file : from.files()) {
      files.put(file.name(), artifact.read(file.name()));
    }
    // The graph is not this job's: it goes on saying what made it.
    return ArtifactWriter.write(directory, draft, files);
  }
}
