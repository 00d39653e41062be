package io.tierwise.gateway.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.prompt.AnswerParser;
import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.gateway.prompt.StructuredOutput;
import io.tierwise.gateway.prompt.Template;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.gateway.tier.Wire.Reading;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiWireTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Task.Classification TASK = Requests.TASK;
  private static final Input TEXT = new Input.Text("hi");

  private static OpenAiWire wire(AnswerParser parser, StructuredOutput structured) {
    return new OpenAiWire(
        new Prompt(
            null,
            Template.of("{{labels}}"),
            Template.of("{{input}}"),
            List.of(),
            parser,
            structured,
            30));
  }

  private static OpenAiWire wire(AnswerParser parser) {
    return wire(parser, StructuredOutput.NONE);
  }

  private static Reading read(OpenAiWire wire, String choice) throws JsonProcessingException {
    return wire.read(
        TASK,
        JSON.readTree(
            """
            {"choices": [%s], "usage": {"prompt_tokens": 9, "completion_tokens": 2}}
            """
                .formatted(choice)));
  }

  private static String says(String content) {
    return "{\"message\": {\"content\": \"%s\"}, \"finish_reason\": \"stop\"}".formatted(content);
  }

  private static String detail(Reading reading) {
    Reading.NoLabel none = assertInstanceOf(Reading.NoLabel.class, reading);
    assertEquals(new Wire.Tokens(9, 0, 2), none.tokens());
    return none.detail();
  }

  @Test
  void hasTheEndpointItselfKeepToTheLabels() {
    JsonNode body = wire(AnswerParser.JSON, StructuredOutput.JSON_SCHEMA).ask("big", TASK, TEXT);

    assertEquals(
        "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"strict\":true,\"schema\":"
            + "{\"type\":\"object\",\"properties\":{\"label\":{\"type\":\"string\","
            + "\"enum\":[\"refund\",\"delivery\",\"other\"]}},\"required\":[\"label\"],"
            + "\"additionalProperties\":false}}}",
        body.path("response_format").toString());
    assertEquals(30, body.path("max_tokens").intValue());
    assertEquals(0, body.path("temperature").intValue());
    assertEquals(
        "{\"type\":\"json_object\"}",
        wire(AnswerParser.JSON, StructuredOutput.JSON_OBJECT)
            .ask("big", TASK, TEXT)
            .path("response_format")
            .toString());
    assertFalse(wire(AnswerParser.JSON).ask("big", TASK, TEXT).has("response_format"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "EXACT      | refund",
        "FIRST_LINE | `refund\\nThe customer wants delivery to be paid back.`",
        "JSON       | {\\\"label\\\": \\\"refund\\\"}"
      })
  void readsTheLabelWhereItsParserSays(AnswerParser parser, String content) throws Exception {
    Reading.Labelled labelled =
        assertInstanceOf(Reading.Labelled.class, read(wire(parser), says(content)));

    assertEquals(new Label("refund"), labelled.answer().label());
    assertEquals(new Wire.Tokens(9, 0, 2), labelled.tokens());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "EXACT      | refund me           | the answer is none of the labels",
        "FIRST_LINE | `Label:\\nrefund`   | the answer's first line is none of the labels",
        "JSON       | refund              | the answer is no JSON object with one of the labels",
        "JSON       | {\\\"label\\\": \\\"banana\\\"} | the answer is no JSON object with one of the labels"
      })
  void saysWhyAnAnswerIsNoLabel(AnswerParser parser, String content, String why) throws Exception {
    assertEquals(why, detail(read(wire(parser), says(content))));
  }

  @Test
  void takesNoLabelThatMayBeTheBeginningOfAnother() throws Exception {
    String cutOff = "{\"message\": {\"content\": \"refund\"}, \"finish_reason\": \"length\"}";

    assertEquals(
        "the answer was cut off after 30 tokens", detail(read(wire(AnswerParser.EXACT), cutOff)));
    assertEquals(
        "the answer was cut off after 30 tokens",
        detail(read(wire(AnswerParser.FIRST_LINE), cutOff)));
  }

  @Test
  void takesNoLabelFromARefusal() throws Exception {
    assertEquals(
        "the model refused to answer",
        detail(
            read(
                wire(AnswerParser.EXACT),
                "{\"message\": {\"content\": null, \"refusal\": \"I cannot\"}}")));
    assertEquals(
        "the endpoint's content filter stopped it",
        detail(
            read(
                wire(AnswerParser.EXACT),
                "{\"message\": {\"content\": \"refund\"}, \"finish_reason\": \"content_filter\"}")));
  }

  @Test
  void readsTheDistributionAtTheTokenOfAJsonAnswerThatIsTheLabel() throws Exception {
    Reading.Labelled labelled =
        assertInstanceOf(
            Reading.Labelled.class,
            read(
                wire(AnswerParser.JSON),
                """
                {"message": {"content": "{\\"label\\": \\"refund\\"}"}, "logprobs": {"content": [
                  {"token": "{\\"", "logprob": 0, "top_logprobs": []},
                  {"token": "label", "logprob": 0, "top_logprobs": []},
                  {"token": "\\":", "logprob": 0, "top_logprobs": []},
                  {"token": " \\"", "logprob": 0, "top_logprobs": []},
                  {"token": "refund", "logprob": -0.2876820724517809, "top_logprobs": [
                    {"token": "refund", "logprob": -0.2876820724517809},
                    {"token": "delivery", "logprob": -1.3862943611198906}]},
                  {"token": "\\"}", "logprob": 0, "top_logprobs": []}]}}
                """));

    Distribution distribution = labelled.answer().distribution();
    assertEquals(0.75, distribution.probability(0), 1e-12);
    assertEquals(0.25, distribution.probability(1), 1e-12);
  }

  @Test
  void isCertainWhereALabelIsNamedBesideTheAnswer() throws Exception {
    Reading.Labelled labelled =
        assertInstanceOf(
            Reading.Labelled.class,
            read(
                wire(AnswerParser.FIRST_LINE),
                """
                {"message": {"content": "refund\\nnot delivery"}, "logprobs": {"content": [
                  {"token": "refund", "logprob": -0.5, "top_logprobs": [
                    {"token": "refund", "logprob": -0.5}, {"token": "other", "logprob": -1}]},
                  {"token": "\\n", "logprob": 0, "top_logprobs": []},
                  {"token": "not", "logprob": 0, "top_logprobs": []},
                  {"token": " delivery", "logprob": 0, "top_logprobs": []}]}}
                """));

    assertEquals(Distribution.certain(new Label("refund")), labelled.answer().distribution());
  }

  @Test
  void startsNewCacheEntriesAndShowsItsNameWhereTheWordingIsTheUsers() {
    OpenAiWire standard = new OpenAiWire(Prompt.standard(TASK));

    assertEquals("", standard.promptName(TASK));
    assertEquals(8, wire(AnswerParser.EXACT).promptName(TASK).length());
    assertNotEquals(standard.promptVersion(TASK), wire(AnswerParser.EXACT).promptVersion(TASK));
    assertNotEquals(
        wire(AnswerParser.EXACT).promptVersion(TASK), wire(AnswerParser.JSON).promptVersion(TASK));
  }
}
