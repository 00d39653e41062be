package io.tierwise.gateway.config;

import io.tierwise.gateway.config.TierwiseConfig.LargeConfig;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.prompt.AnswerParser;
import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.gateway.prompt.StructuredOutput;
import io.tierwise.gateway.prompt.Template;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a task's {@code large}: which upstream answers, at which price, and how it is asked. */
final class LargeReader {
  private static final String INPUT = Template.Place.INPUT.toString();
  private static final Kind<Template> SYSTEM = new Kind<>(LargeReader::system, Template.of(""));
  private static final Kind<Template> USER = new Kind<>(LargeReader::user, Template.of(INPUT));
  private static final List<String> LANGUAGE_ONLY =
      List.of("prompt", "parser", "structuredOutput", "maximumTokens");

  /** Stands in where the labels cannot be used, so that reading goes on. */
  private static final List<String> NO_LABELS = List.of("one", "other");

  private final Map<String, Upstream> upstreams;
  private final Kind<String> price;
  private final Kind<String> tokenlessPrice;

  /**
   * @param tokenlessPrice for inputs that have no tokens
   */
  LargeReader(Map<String, Upstream> upstreams, Kind<String> price, Kind<String> tokenlessPrice) {
    this.upstreams = upstreams;
    this.price = price;
    this.tokenlessPrice = tokenlessPrice;
  }

  LargeConfig read(Section section, List<String> labels, InputForm input) {
    String upstream = section.required("upstream", new Kind<>(this::known, "upstream"));
    Protocol protocol = protocol(upstream);
    String priceId =
        switch (input) {
          case InputForm.Text text -> section.required("price", price);
          case InputForm.Features features -> {
            if (protocol == Protocol.OPENAI) {
              section.report(
                  "upstream",
                  "'" + upstream + "' speaks openai, which has no place for feature vectors",
                  "use an upstream with protocol: invocations");
            }
            yield section.required("price", tokenlessPrice);
          }
        };
    Prompt prompt = prompt(section, labels);
    if (protocol == Protocol.INVOCATIONS) {
      LANGUAGE_ONLY.stream()
          .filter(section::has)
          .forEach(key ->
              section.report(
                  key,
                  "it changes nothing: '" + upstream + "' speaks invocations",
                  "leave it out, or use an upstream with protocol: openai"));
    }
    section.refuseOtherKeys();
    return new LargeConfig(upstream, priceId, prompt);
  }

  private String known(String upstream) {
    Upstream found = upstreams.get(upstream);
    if (found != null
        && found.protocol() != Protocol.OPENAI
        && found.protocol() != Protocol.INVOCATIONS) {
      throw new InvalidValueException(
          "upstream",
          "'" + upstream + "' speaks a protocol that only chats do",
          "use an upstream with protocol: openai or invocations");
    }
    if (found == null) {
      throw new InvalidValueException(
          "upstream",
          "there is no upstream '" + upstream + "'",
          "add it under upstreams, or use one of: " + String.join(", ", upstreams.keySet()));
    }
    return upstream;
  }

  private @Nullable Protocol protocol(String upstream) {
    Upstream found = upstreams.get(upstream);
    return found == null ? null : found.protocol();
  }

  private static Prompt prompt(Section large, List<String> labels) {
    Task.Classification task = task(labels.size() < 2 ? NO_LABELS : labels);
    StructuredOutput structured =
        large.value("structuredOutput", Kind.choice(StructuredOutput.class), "none");
    AnswerParser parser =
        large.value(
            "parser",
            Kind.choice(AnswerParser.class),
            structured == StructuredOutput.NONE ? "exact" : "json");
    if (structured != StructuredOutput.NONE && parser != AnswerParser.JSON) {
      large.report("parser", "structuredOutput makes the answer a JSON object", "set it to json");
    }
    Section section = large.section("prompt");
    Prompt prompt =
        new Prompt(
            section.optional("version", Kind.NAME).orElse(null),
            section.value("system", SYSTEM, Prompt.system(parser)),
            section.value("template", USER, INPUT),
            examples(section, task),
            parser,
            structured,
            large.value(
                "maximumTokens",
                Kind.whole(1, 100_000),
                String.valueOf(Prompt.tokens(task, parser))));
    section.refuseOtherKeys();
    return prompt;
  }

  private static List<Prompt.Example> examples(Section prompt, Task.Classification task) {
    List<Prompt.Example> examples = new ArrayList<>();
    Kind<Label> label = new Kind<>(text -> label(task, text), task.labels().getFirst());
    for (Section section : prompt.sections("examples")) {
      examples.add(
          new Prompt.Example(
              section.required("input", Kind.TEXT), section.required("label", label)));
      section.refuseOtherKeys();
    }
    return examples;
  }

  private static Label label(Task.Classification task, String text) {
    return task.labels().stream()
        .filter(each -> each.value().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new InvalidValueException(
                "label", "'" + text + "' is none of the task's labels", "use one of labels"));
  }

  private static Task.Classification task(List<String> labels) {
    return new Task.Classification("task", labels.stream().map(Label::new).toList());
  }

  private static Template system(String text) {
    Template system = Template.of(text);
    Prompt.requireNoInput(system);
    return system;
  }

  private static Template user(String text) {
    Template template = Template.of(text);
    Prompt.requireInput(template);
    return template;
  }
}
