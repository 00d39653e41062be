package io.tierwise.router.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.InferenceRequest.Chat.Turn;
import io.tierwise.router.testing.SampleRequests;
import io.tierwise.router.testing.ScriptedTier;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InferenceRequestTest {
  private static InferenceRequest.Chat chat(Turn... turns) {
    return new InferenceRequest.Chat(
        SampleRequests.request().context(), new Task.Chat("help"), List.of(turns));
  }

  @Test
  void aTextIsMeasuredInUtf8AndFeaturesInFourBytesEach() {
    assertEquals(7, new Input.Text("Größe").bytes());
    assertEquals(12, new Input.Features(new float[] {1, 2, 3}).bytes());
  }

  @Test
  void aConversationWithAnEmptyTurnIsMeasuredToo() {
    assertEquals(5, chat(new Turn("user", "hello"), new Turn("assistant", "")).bytes());
  }

  @Test
  void refusesAConversationWithoutATurn() {
    assertEquals(
        "turns: there are none; send at least one message",
        assertThrows(InvalidValueException.class, () -> chat()).getMessage());
  }

  @Test
  void refusesInputThatIsNone() {
    assertThrows(InvalidValueException.class, () -> new Input.Text(" \n"));
    assertThrows(InvalidValueException.class, () -> new Input.Features(new float[0]));
    assertEquals(
        "features[1]: NaN is not finite; send finite numbers only",
        assertThrows(
                InvalidValueException.class, () -> new Input.Features(new float[] {1, Float.NaN}))
            .getMessage());
  }

  @Test
  void aTaskNamesItsLabelsOnce() {
    Label bug = new Label("bug");
    assertEquals(
        "task.labels: 'bug' is there twice; name each label once",
        assertThrows(
                InvalidValueException.class,
                () -> new Task.Classification("triage", List.of(bug, bug)))
            .getMessage());
    assertThrows(
        InvalidValueException.class, () -> new Task.Classification("triage", List.of(bug)));
    assertEquals(1, SampleRequests.TASK.indexOf(new Label("question")));
    assertEquals(-1, SampleRequests.TASK.indexOf(new Label("praise")));
  }

  @Test
  void namesAreSafeInKeysPathsAndHeaders() {
    for (String name : List.of("", "a/b", "../x", "-x", "a b", "x".repeat(129), "ü")) {
      assertThrows(InvalidValueException.class, () -> new Tenant(name), name);
    }
    assertEquals("acme.eu-1_x", new Tenant("acme.eu-1_x").name());
  }

  @Test
  void answersDisagreeWhenTheirLabelsOrTextsDiffer() {
    Answer bug = ScriptedTier.answer("bug");
    Answer surelyBug =
        new Answer.Classified(
            new Label("bug"),
            Distribution.of(SampleRequests.TASK.labels(), new double[] {0.6, 0.4}));
    assertFalse(Answer.disagree(bug, surelyBug));
    assertTrue(Answer.disagree(bug, ScriptedTier.answer("question")));
    assertTrue(Answer.disagree(bug, new Answer.Message("bug")));
    assertFalse(Answer.disagree(new Answer.Message("hi"), new Answer.Message("hi")));
    assertTrue(Answer.disagree(new Answer.Message("hi"), new Answer.Message("Hi")));
  }

  @Test
  void aTroubleIsNamedFromWhereverItIsSeen() {
    InvalidValueException trouble = new InvalidValueException("epsilon", "it is 2", "give 0.05");
    assertEquals(
        "tasks[2].contract.epsilon: it is 2; give 0.05",
        trouble.within("contract").within("tasks[2]").getMessage());
    InvalidValueException element = new InvalidValueException("[3]", "it is blank", "fill it");
    assertEquals("labels[3]: it is blank; fill it", element.within("labels").getMessage());
  }
}
