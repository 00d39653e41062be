package io.tierwise.aws.student;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.student.model.Prediction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StudentMessagesTest {
  private static StudentRequest decode(String json) throws IOException {
    return StudentRequest.decode(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aRequestIsReadBackAsItWasWritten() throws IOException {
    StudentRequest request =
        new StudentRequest(
            "support",
            "v1",
            List.of(new Input.Text("hello"), new Input.Features(new float[] {0.1f, -2})));
    assertEquals(request, decode(new String(request.encode(), StandardCharsets.UTF_8)));
  }

  @Test
  void anAnswerIsReadBackToTheLastBit() {
    List<Label> labels = List.of(new Label("yes"), new Label("no"));
    double[] probabilities = {0.1 + 0.2, 1 - (0.1 + 0.2)};
    Prediction prediction =
        new Prediction(
            new Label("no"),
            Distribution.of(labels, probabilities),
            new Confidence(1.0 / 3),
            new double[] {1, 2});

    StudentResponse read =
        StudentResponse.decode(new StudentResponse("v1", List.of(prediction)).encode());

    assertEquals("v1", read.artifact());
    assertEquals(prediction.label(), read.predictions().getFirst().label());
    assertEquals(prediction.confidence(), read.predictions().getFirst().confidence());
    assertArrayEquals(probabilities, read.predictions().getFirst().distribution().toArray(), 0);
  }

  @Test
  void refusesWhatItDoesNotKnowAndNamesTheField() {
    assertEquals("version", field("{\"version\": 2, \"task\": \"t\", \"inputs\": []}"));
    assertEquals("task", field("{\"version\": 1, \"inputs\": [{\"text\": \"a\"}]}"));
    assertEquals("inputs", field("{\"version\": 1, \"task\": \"t\", \"inputs\": []}"));
    assertEquals("inputs[0]", field("{\"version\": 1, \"task\": \"t\", \"inputs\": [{}]}"));
    assertEquals("body", field("{"));
  }

  private static String field(String json) {
    return assertThrows(InvalidValueException.class, () -> decode(json)).field();
  }

  @Test
  void garbageIsNoAnswer() {
    for (String garbage : List.of("", "null", "[]", "{\"version\": 1}", "<html>")) {
      assertThrows(
          InvalidValueException.class,
          () -> StudentResponse.decode(garbage.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
