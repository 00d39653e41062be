package io.tierwise.gateway.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.prompt.Prompt.Example;
import io.tierwise.gateway.prompt.Prompt.Message;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptTest {
  private static final Task.Classification TASK = Requests.TASK;
  private static final Example EXAMPLE = new Example("Money!", new Label("refund"));

  private static Prompt prompt(String system, String template, AnswerParser parser) {
    return new Prompt(
        null,
        Template.of(system),
        Template.of(template),
        List.of(EXAMPLE),
        parser,
        StructuredOutput.NONE,
        20);
  }

  @Test
  void fillsItsPlacesAndShowsItsExamplesFirst() {
    Prompt prompt =
        prompt("One of:\n{{labels}}", "Text: {{ input }}\n{{labels}}!", AnswerParser.EXACT);

    assertEquals(
        List.of(
            new Message("system", "One of:\n- refund\n- delivery\n- other"),
            new Message("user", "Text: Money!\n- refund\n- delivery\n- other!"),
            new Message("assistant", "refund"),
            new Message("user", "Text: Where is it?\n- refund\n- delivery\n- other!")),
        prompt.messages(TASK, "Where is it?"));
  }

  @Test
  void writesExamplesAsItsParserReadsThemAndLeavesOutABlankSystemMessage() {
    assertEquals(
        List.of(
            new Message("user", "Money!"),
            new Message("assistant", "{\"label\":\"refund\"}"),
            new Message("user", "hi")),
        prompt("", "{{input}}", AnswerParser.JSON).messages(TASK, "hi"));
  }

  @Test
  void takesNothingInTheInputForAPlace() {
    String text = "{{labels}} {{input}} {{system}} $1 \\ }}";

    assertEquals(
        "[" + text + "]",
        prompt("", "[{{input}}]", AnswerParser.EXACT).messages(TASK, text).getLast().content());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{{text}} {{input}} | there is no placeholder {{text}}",
        "{{}} | there is no placeholder {{}}",
        "{{input} | a '{{' is not closed by '}}'",
        "{{input}} {{ | a '{{' is not closed by '}}'",
        "Classify this. | it has no {{input}}"
      })
  void refusesATemplateThatCannotBeMeant(String template, String trouble) {
    assertEquals(
        trouble,
        assertThrows(InvalidValueException.class, () -> prompt("", template, AnswerParser.EXACT))
            .trouble());
  }

  @Test
  void neverLetsACallersTextSpeakAsTheSystem() {
    InvalidValueException refusal =
        assertThrows(
            InvalidValueException.class,
            () -> prompt("About {{input}}", "{{input}}", AnswerParser.EXACT));

    assertEquals("it has {{input}}: a caller's text would speak as the system", refusal.trouble());
  }

  @Test
  void hasAnotherFingerprintForWhateverChangesWhatIsAskedOrRead() {
    Prompt standard = Prompt.standard(TASK);
    Template input = Template.of("{{input}}");
    Template loud = Template.of("{{input}}!");
    List<Prompt> others =
        List.of(
            new Prompt(
                "v2",
                standard.system(),
                input,
                List.of(),
                AnswerParser.EXACT,
                StructuredOutput.NONE,
                24),
            prompt("", "{{input}}", AnswerParser.EXACT),
            prompt("Hm.", "{{input}}", AnswerParser.EXACT),
            prompt("Hm.", "{{input}}", AnswerParser.FIRST_LINE),
            prompt("Hm.", "{{input}}", AnswerParser.JSON),
            new Prompt(
                null,
                standard.system(),
                loud,
                List.of(),
                AnswerParser.EXACT,
                StructuredOutput.NONE,
                24),
            new Prompt(
                null,
                standard.system(),
                input,
                List.of(),
                AnswerParser.EXACT,
                StructuredOutput.NONE,
                25),
            new Prompt(
                null,
                standard.system(),
                input,
                List.of(),
                AnswerParser.EXACT,
                StructuredOutput.JSON_OBJECT,
                24));
    Set<String> fingerprints = new HashSet<>();
    fingerprints.add(standard.fingerprint(TASK));
    others.forEach(prompt -> fingerprints.add(prompt.fingerprint(TASK)));

    assertEquals(others.size() + 1, fingerprints.size());
    assertEquals(standard.fingerprint(TASK), Prompt.standard(TASK).fingerprint(TASK));
    assertNotEquals(
        standard.fingerprint(TASK),
        standard.fingerprint(Requests.task("support", "refund", "delivery")));
  }

  @Test
  void isNamedByItsVersionAndItsFingerprintUnlessItIsTheStandardOne() {
    Prompt standard = Prompt.standard(TASK);
    Prompt second =
        new Prompt(
            "v2",
            standard.system(),
            standard.template(),
            List.of(),
            standard.parser(),
            standard.structuredOutput(),
            standard.maximumTokens());

    assertEquals("", standard.name(TASK));
    assertEquals("v2-" + second.fingerprint(TASK).substring(0, 8), second.name(TASK));
    assertTrue(prompt("", "{{input}}", AnswerParser.EXACT).name(TASK).matches("[0-9a-f]{8}"));
  }

  @Test
  void allowsTokensEnoughForTheLongestLabel() {
    Task.Classification task = Requests.task("t", "a", "größte");

    assertEquals(8 + 16, Prompt.tokens(task, AnswerParser.EXACT));
    assertEquals(8 + 32, Prompt.tokens(task, AnswerParser.JSON));
  }
}
