package io.tierwise.distill.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.distill.Corpora;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateJobTest {
  @TempDir private Path directory;

  @Test
  void theConfidenceBecomesTheShareThatAgrees() throws IOException {
    // The student says "access" with logits (4, 0) whatever the text; 15 of 20 agree.
    Artifact raw = FixedStudent.write(directory.resolve("raw"), 4, 0);

    Artifact calibrated =
        CalibrateJob.run(raw, answers(15, 5), directory.resolve("calibrated"), Corpora.CLOCK);

    // Every target is smoothed by 1/21 that is equally of both: 0.75 · 20/21 + 0.5/21.
    double share = 15.5 / 21;
    double temperature = 4 / Math.log(share / (1 - share));
    assertEquals(
        temperature,
        ((Calibration.Temperature) calibrated.manifest().calibration()).temperature(),
        1e-6);
    try (Student student = Student.load(calibrated)) {
      assertEquals(share, student.predict(new Input.Text("hi")).confidence().value(), 1e-6);
    }
    assertEquals(0.75, calibrated.manifest().metrics().get("tuningAgreement"));
    assertEquals(
        0.75 - share, calibrated.manifest().metrics().get("expectedCalibrationError"), 1e-6);
  }

  @Test
  void keepsTheModelAndSaysWhatItIsFrom() throws IOException {
    Artifact raw = FixedStudent.write(directory.resolve("raw"), 4, 0);
    List<Answered> tuning = answers(15, 5);

    Artifact calibrated =
        CalibrateJob.run(raw, tuning, directory.resolve("calibrated"), Corpora.CLOCK);

    assertArrayEquals(raw.read("model.onnx"), calibrated.read("model.onnx"));
    assertEquals("calibrate", calibrated.manifest().lineage().job());
    assertEquals(List.of(raw.manifest().version()), calibrated.manifest().lineage().parents());
    assertEquals(DataHash.of(tuning), calibrated.manifest().lineage().dataSha256());
    assertEquals(11, calibrated.manifest().lineage().seed());
    assertEquals(
        Set.of("accuracy", "tuningAgreement", "expectedCalibrationError"),
        calibrated.manifest().metrics().keySet());
  }

  @Test
  void refusesTooFewAnswersAndForeignLabels() throws IOException {
    Artifact raw = FixedStudent.write(directory.resolve("raw"), 4, 0);

    assertRefused("tuning: there are 19 answers; give at least 20", raw, answers(15, 4));
    List<Answered> foreign = new ArrayList<>(answers(15, 5));
    foreign.set(7, Answered.with("hi", new Label("spam")));
    assertRefused(
        "tuning[7]: 'spam' is not a label of the student; leave the row out, or distil a student"
            + " with that label",
        raw,
        foreign);
  }

  @Test
  void refusesADamagedStudentAndADirectoryThatIsThere() throws IOException {
    Artifact raw = FixedStudent.write(directory.resolve("raw"), 4, 0);
    Files.createDirectory(directory.resolve("there"));
    assertThrows(
        FileAlreadyExistsException.class,
        () -> CalibrateJob.run(raw, answers(15, 5), directory.resolve("there"), Corpora.CLOCK));

    Files.write(raw.directory().resolve("model.onnx"), new byte[] {1, 2, 3});
    assertThrows(
        InvalidValueException.class,
        () -> CalibrateJob.run(raw, answers(15, 5), directory.resolve("new"), Corpora.CLOCK));
  }

  private void assertRefused(String message, Artifact raw, List<Answered> tuning) {
    assertEquals(
        message,
        assertThrows(
                InvalidValueException.class,
                () -> CalibrateJob.run(raw, tuning, directory.resolve("new"), Corpora.CLOCK))
            .getMessage());
  }

  private static List<Answered> answers(int agreeing, int others) {
    List<Answered> answers = new ArrayList<>();
    for (int i = 0; i < agreeing + others; i++) {
      answers.add(
          Answered.with("text " + i, i < agreeing ? FixedStudent.FIRST : FixedStudent.SECOND));
    }
    return answers;
  }
}
