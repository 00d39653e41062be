package io.tierwise.distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnsweredFileTest {
  private static final Label X = new Label("x");
  private static final Label Y = new Label("y");

  @TempDir private Path directory;

  @Test
  void readsAnswersWithTheirProbabilitiesAndSkipsRowsWithoutAnAnswer() throws IOException {
    Path file =
        file(
            """
            {"text":"a","reference":"x","probabilities":{"x":0.75,"y":0.25}}
            {"text":"b","reference":null}
            {"text":"c","reference":"y"}
            {"note":"a row without text and answer is passed over"}
            """);

    assertEquals(
        List.of(
            new Answered("a", X, Distribution.of(List.of(X, Y), new double[] {0.75, 0.25})),
            Answered.with("c", Y)),
        AnsweredFile.read(file, "reference"));
  }

  @Test
  void probabilitiesSayNothingAboutAnotherField() throws IOException {
    Path file =
        file(
            """
            {"text":"a","label":"y","reference":"x","probabilities":{"x":0.75,"y":0.25}}
            """);

    assertEquals(List.of(Answered.with("a", Y)), AnsweredFile.read(file, "label"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[0.5]|they are no object|write {\"LABEL\": PROBABILITY, …}",
        "{\"x\":\"1\"}|that of 'x' is no number|write numbers only",
        "{\"y\":1}|the answer 'x' has none|give the probabilities that the answer was taken from",
        "{}|the answer 'x' has none|give the probabilities that the answer was taken from",
        "{\"x\":0.5}|the probabilities sum to 0.5|make them sum to 1",
        "{\"x\":1.5,\"y\":-0.5}|-0.5 is no probability|give numbers of at least 0",
        "{\"x\":1,\" \":0}|it is blank|give 1 to 256 characters",
      })
  void namesTheRowWhoseProbabilitiesAreBad(String probabilities, String trouble, String fix)
      throws IOException {
    Path file =
        file(
            "{\"text\":\"ok\",\"reference\":\"x\"}\n{\"text\":\"a\",\"reference\":\"x\","
                + "\"probabilities\":"
                + probabilities
                + "}\n");

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> AnsweredFile.read(file, "reference"));

    assertEquals(file + ":2.probabilities", refused.field());
    assertEquals(trouble, refused.trouble());
    assertTrue(refused.fix().startsWith(fix), refused.fix());
  }

  @Test
  void refusesFeaturesWithAnAnswer() throws IOException {
    Path file = file("{\"features\":[1],\"reference\":\"x\"}\n");

    assertEquals(
        file + ":1: it holds features; give texts here",
        assertThrows(InvalidValueException.class, () -> AnsweredFile.read(file, "reference"))
            .getMessage());
  }

  @Test
  void refusesAFileInWhichNothingIsAnswered() throws IOException {
    Path file = file("{\"text\":\"a\",\"reference\":\"x\"}\n");

    assertEquals(
        file + ": no row has a 'gpt'; name the field that holds the answer",
        assertThrows(InvalidValueException.class, () -> AnsweredFile.read(file, "gpt"))
            .getMessage());
  }

  @Test
  void aTargetIsInTheOrderOfTheTasksLabels() {
    Answered answered =
        new Answered("a", X, Distribution.of(List.of(X, Y), new double[] {0.75, 0.25}));

    assertArrayEquals(
        new float[] {0, 0.25f, 0.75f}, answered.target(List.of(new Label("z"), Y, X)));
    assertEquals(
        "reference: 'y' is not a label of the task; add it to the labels, or leave the row out",
        assertThrows(InvalidValueException.class, () -> answered.target(List.of(X, new Label("z"))))
            .getMessage());
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("answers.jsonl"), content);
  }
}
