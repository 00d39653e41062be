package io.tierwise.distill.win;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Contract;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.win.WinModel;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of 400 prompts, sums are what only the strong model gets right, in nine cases of ten. */
final class WinTrainingTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
  private static final List<Example> EXAMPLES = examples(400, 7);

  private static List<Example> examples(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean sum = random.nextBoolean();
      String prompt =
          sum
              ? "What is " + random.nextInt(1000) + " + " + random.nextInt(1000) + "?"
              : "Tell me a story of a fox and animal number " + random.nextInt(1000);
      boolean typical = random.nextInt(10) > 0;
      double weak = sum == typical ? 0 : 1;
      Outcome outcome = new Outcome(prompt, 1, 1, weak, sum ? "sums" : "stories", false, null);
      float[] vector = {sum ? 0.8f : 0.6f, sum ? 0.6f : 0.8f, (float) random.nextDouble()};
      examples.add(new Example(outcome, WinRouter.reading(prompt, 1, vector)));
    }
    return examples;
  }

  @Test
  void learnsWhichPromptsNeedTheStrongModelAndHowProbably() {
    WinModel model = WinTraining.calibrated(EXAMPLES, 1, Progress.SILENT);
    for (Example example : examples(50, 8)) {
      boolean sum = example.outcome().domain().equals("sums");
      assertEquals(sum ? 0.1 : 0.9, model.weakWillDo(example.reading()), 0.1);
    }
  }

  @Test
  void theSameSeedGivesTheSameBytesAndTheyAreReadBack() {
    byte[] bytes = WinTraining.calibrated(EXAMPLES, 1, Progress.SILENT).bytes();
    assertArrayEquals(bytes, WinTraining.calibrated(EXAMPLES, 1, Progress.SILENT).bytes());
    assertArrayEquals(bytes, WinModel.of(bytes).bytes());
    bytes[0]++;
    assertThrows(InvalidValueException.class, () -> WinModel.of(bytes));
    assertThrows(InvalidValueException.class, () -> WinModel.of(new byte[12]));
  }

  @Test
  void anArtifactIsCertifiedForWhatItSparesWithinTheContract(@TempDir Path directory)
      throws IOException {
    List<Example> held = examples(400, 9);
    Artifact artifact =
        WinRouterJob.train(
            "chat", EXAMPLES, held, 1, directory.resolve("r"), CLOCK, Progress.SILENT);
    assertEquals(Shape.WIN_ROUTER, artifact.manifest().shape());
    assertTrue(artifact.manifest().metrics().get("heldOutCalibrationError") < 0.1);
    Certification.Certified loose =
        assertInstanceOf(
            Certification.Certified.class,
            WinRouterJob.certify(artifact, new Contract(0.1, 0.05), 1, held));
    assertEquals(0.5, loose.certificate().coverage(), 0.1);
    assertInstanceOf(
        Certification.Withheld.class,
        WinRouterJob.certify(artifact, new Contract(0.005, 0.05), 1, held));
  }

  @Test
  void partsShareNoPromptAndLeaveOutTheContaminated() {
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      outcomes.add(new Outcome("prompt " + i % 50, 1, 1, 0, "", i % 50 < 10, null));
    }
    WinRouterJob.Parts parts = WinRouterJob.Parts.of(outcomes, 0.25, 1);
    assertEquals(20, parts.certify().size());
    assertEquals(60, parts.train().size());
    assertTrue(
        parts.train().stream()
            .map(Outcome::prompt)
            .noneMatch(parts.certify().stream().map(Outcome::prompt).toList()::contains));
  }

  @Test
  void readsRightAndWrongOrScoresAndNamesTheRowThatHasNeither(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("outcomes.jsonl");
    Files.writeString(
        file,
        """
        {"prompt":"a","strong_correct":true,"weak_correct":0}
        {"prompt":"b","strong_score":9,"weak_score":4.5,"turns":2,"domain":"d",\
        "time":"2026-03-01T13:00:00+01:00"}
        """);
    List<Outcome> outcomes = OutcomeFile.read(file, 10);
    assertEquals(
        List.of(
            new Outcome("a", 1, 1, 0, "", false, null),
            new Outcome("b", 2, 0.9, 0.45, "d", false, NOON)),
        outcomes);
    assertFalse(outcomes.get(0).isAfter(Instant.EPOCH), "nothing is known of it");
    assertTrue(outcomes.get(1).isAfter(NOON.minusMillis(1)) && !outcomes.get(1).isAfter(NOON));
    assertTrue(!OutcomeFile.binary(outcomes) && OutcomeFile.binary(outcomes.subList(0, 1)));
    Files.writeString(file, "{\"prompt\":\"a\",\"strong_correct\":true}\n");
    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> OutcomeFile.read(file, 10));
    assertEquals(file + ":1.weak_score", refused.field());
    Files.writeString(
        file,
        "{\"prompt\":\"a\",\"strong_correct\":1,\"weak_correct\":1,\"time\":\"yesterday\"}\n");
    refused = assertThrows(InvalidValueException.class, () -> OutcomeFile.read(file, 10));
    assertEquals(file + ":1.time", refused.field());
    assertEquals("\"yesterday\" is no moment", refused.trouble());
  }
}
