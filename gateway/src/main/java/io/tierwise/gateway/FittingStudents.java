package io.tierwise.gateway;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Predictor;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;

/**
 * Loads the students of one task, and refuses those that cannot answer it.
 *
 * @param form what the task's inputs are
 */
record FittingStudents(Task.Classification task, InputForm form, StudentLoader loader) {
  /**
   * @throws InvalidValueException where it was trained for other labels or inputs
   */
  Predictor load(Artifact artifact) throws IOException {
    List<String> labels = task.labels().stream().map(Label::value).toList();
    if (!new HashSet<>(labels).equals(new HashSet<>(artifact.manifest().labels()))) {
      throw new InvalidValueException(
          "labels",
          "artifact " + artifact.manifest().version() + " was trained for other labels",
          "train one for the task's labels, or put the labels back");
    }
    Predictor student = loader.load(artifact);
    if (!student.reads(form.sample())) {
      student.close();
      throw new InvalidValueException(
          "input",
          "artifact %s with featurizer %s does not read %s"
              .formatted(artifact.manifest().version(), artifact.manifest().featurizer(), form),
          "train one on the task's own inputs");
    }
    return student;
  }
}
