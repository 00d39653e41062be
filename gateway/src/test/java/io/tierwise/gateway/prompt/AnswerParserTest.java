package io.tierwise.gateway.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerParserTest {
  private static final Optional<String> REFUND = Optional.of("refund");

  @Test
  void takesTheWholeAnswerWhenItWasSaidToTheEnd() {
    assertEquals(Optional.of("refund\nnow"), AnswerParser.EXACT.label("refund\nnow", true));
    assertEquals(Optional.empty(), AnswerParser.EXACT.label("refund", false));
  }

  @Test
  void takesTheFirstLineWhenThatWasSaidToTheEnd() {
    assertEquals(REFUND, AnswerParser.FIRST_LINE.label("\n refund\nBecause", true));
    assertEquals(REFUND, AnswerParser.FIRST_LINE.label("refund\nBecause the cus", false));
    assertEquals(REFUND, AnswerParser.FIRST_LINE.label("refund", true));
    assertEquals(Optional.empty(), AnswerParser.FIRST_LINE.label("refund", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"label\": \"refund\"}",
        " {\"why\": [1, {\"label\": \"x\"}], \"label\": \"refund\"}\n",
        "```json\n{\"label\": \"refund\"}\n```",
        "```\n{\"label\":\"refund\"}```"
      })
  void takesTheFieldOfAnObject(String answer) {
    assertEquals(REFUND, AnswerParser.JSON.label(answer, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "refund",
        "\"refund\"",
        "[\"refund\"]",
        "{\"label\": 5}",
        "{\"answer\": \"refund\"}",
        "{\"label\": \"refund\", \"label\": \"other\"}",
        "{\"label\": \"refund\"} {\"label\": \"other\"}",
        "{\"label\": \"ref",
        "Sure: {\"label\": \"refund\"}"
      })
  void takesNothingElse(String answer) {
    assertEquals(Optional.empty(), AnswerParser.JSON.label(answer, true));
  }
}
