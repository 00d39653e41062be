package io.tierwise.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.prompt.AnswerParser;
import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.gateway.prompt.StructuredOutput;
import io.tierwise.gateway.prompt.Template;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task reads, and how its large model is asked about it. */
class TaskInputTest {
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-11-24T12:00:00Z"), ZoneOffset.UTC);

  @TempDir private Path folder;

  private TaskConfig load(String protocol, String... task) throws IOException {
    return ConfigFile.load(write(protocol, task), NOW).tasks().getFirst();
  }

  private Path write(String protocol, String... task) throws IOException {
    return Files.writeString(
        folder.resolve("tierwise.yaml"),
        """
        upstreams: {llm: {url: 'http://127.0.0.1:8081', protocol: %s}}
        tasks:
          - name: support
            labels: [refund, delivery]
        %s
        """
            .formatted(
                protocol, String.join("\n", Arrays.stream(task).map("    "::concat).toList())));
  }

  private void refused(String protocol, List<String> task, String... problems) throws IOException {
    Path file = write(protocol, task.toArray(String[]::new));
    String message =
        assertThrows(ConfigException.class, () -> ConfigFile.load(file, NOW)).getMessage();
    assertEquals(
        List.of(problems), message.lines().map(line -> line.replace(file + ":", "")).toList());
  }

  @Test
  void readsAPromptOfTheUsersOwn() throws IOException {
    Prompt prompt =
        load(
                "openai",
                "large:",
                "  upstream: llm",
                "  price: gpt-4o",
                "  structuredOutput: json-schema",
                "  maximumTokens: 100",
                "  prompt:",
                "    version: v2",
                "    system: ''",
                "    template: |-",
                "      One of",
                "      {{labels}}",
                "      for: {{input}}",
                "    examples:",
                "      - {input: Money, label: refund}")
            .large()
            .prompt();

    assertEquals(
        new Prompt(
            "v2",
            Template.of(""),
            Template.of("One of\n{{labels}}\nfor: {{input}}"),
            List.of(new Prompt.Example("Money", new Label("refund"))),
            AnswerParser.JSON,
            StructuredOutput.JSON_SCHEMA,
            100),
        prompt);
  }

  @Test
  void asksForWhatItsParserReadsUnlessToldOtherwise() throws IOException {
    Prompt json =
        load("openai", "large: {upstream: llm, price: gpt-4o, parser: json}").large().prompt();

    assertEquals(Prompt.system(AnswerParser.JSON), json.system().toString());
    assertEquals("delivery".length() + 32, json.maximumTokens());
    assertEquals(StructuredOutput.NONE, json.structuredOutput());
  }

  @Test
  void refusesAPromptThatCannotBeMeant() throws IOException {
    refused(
        "openai",
        List.of(
            "large:",
            "  upstream: llm",
            "  price: gpt-4o",
            "  parser: exact",
            "  structuredOutput: json-object",
            "  maximumTokens: 0",
            "  prompt:",
            "    system: 'About {{input}}'",
            "    template: 'Classify {{text}}'",
            "    examples:",
            "      - {input: Money, label: banana}",
            "      - {input: Money}",
            "    examplez: []"),
        "8: tasks[0].large.parser: structuredOutput makes the answer a JSON object; set it to json",
        "10: tasks[0].large.maximumTokens: 0 is out of range; give one from 1 to 100000",
        "12: tasks[0].large.prompt.system: it has {{input}}: a caller's text would speak as the"
            + " system; put {{input}} in template",
        "13: tasks[0].large.prompt.template: there is no placeholder {{text}}; use {{input}} or"
            + " {{labels}}",
        "15: tasks[0].large.prompt.examples[0].label: 'banana' is none of the task's labels; use"
            + " one of labels",
        "16: tasks[0].large.prompt.examples[1].label: it is missing; add it",
        "17: tasks[0].large.prompt.examplez: there is no such key; did you mean 'examples'?");
    refused(
        "openai",
        List.of("large: {upstream: llm, price: gpt-4o, prompt: {template: Classify this.}}"),
        "5: tasks[0].large.prompt.template: it has no {{input}}; put {{input}} where the text to"
            + " classify goes");
  }

  @Test
  void refusesAPromptForWhatReadsNoLanguage() throws IOException {
    refused(
        "invocations",
        List.of("large: {upstream: llm, price: gpt-4o, prompt: {version: v2}, parser: json}"),
        "5: tasks[0].large.prompt: it changes nothing: 'llm' speaks invocations; leave it out, or"
            + " use an upstream with protocol: openai",
        "5: tasks[0].large.parser: it changes nothing: 'llm' speaks invocations; leave it out, or"
            + " use an upstream with protocol: openai");
  }

  @Test
  void readsFeatures() throws IOException {
    TaskConfig task =
        load(
            "invocations",
            "input: features",
            "dimensions: 784",
            "large: {upstream: llm, price: lambda-request}");

    assertEquals(new InputForm.Features(784), task.input());
    assertEquals(
        new InputForm.Text(), load("invocations", "large: {upstream: llm, price: gpt-4o}").input());
  }

  @Test
  void refusesFeaturesThatCannotBeMeant() throws IOException {
    refused(
        "openai",
        List.of("input: features", "large: {upstream: llm, price: gpt-4o}"),
        "3: tasks[0].dimensions: it is missing; say how many numbers a feature vector has",
        "6: tasks[0].large.upstream: 'llm' speaks openai, which has no place for feature vectors;"
            + " use an upstream with protocol: invocations",
        "6: tasks[0].large.price: 'gpt-4o' is per token, and feature vectors have none; use a price"
            + " per request, GB-second or instance hour");
    refused(
        "openai",
        List.of("dimensions: 5", "large: {upstream: llm, price: gpt-4o}"),
        "5: tasks[0].dimensions: a text has none; leave it out, or set input to features");
    refused(
        "openai",
        List.of("input: image", "dimensions: 0", "large: {upstream: llm, price: gpt-4o}"),
        "5: tasks[0].input: 'image' is not known here; use one of: text, features",
        "6: tasks[0].dimensions: 0 is out of range; give one from 1 to 100000");
  }
}
