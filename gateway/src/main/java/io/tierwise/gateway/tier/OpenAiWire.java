package io.tierwise.gateway.tier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.prompt.AnswerParser;
import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * OpenAI's chat completions: a task's prompt, at temperature 0.
 *
 * <p>Log probabilities are asked for where they can say something: the labels are single words and
 * few enough to be all among the 20 that are reported. They are used when the label was one token;
 * otherwise the answer is taken as certain.
 */
public final class OpenAiWire implements Wire {
  private static final int REPORTED = 20;

  private final Prompt prompt;

  public OpenAiWire(Prompt prompt) {
    this.prompt = prompt;
  }

  @Override
  public String path(boolean bare) {
    return bare ? "/v1/chat/completions" : "/chat/completions";
  }

  @Override
  public boolean reads(Input input) {
    return input instanceof Input.Text;
  }

  @Override
  public JsonNode ask(String model, Task.Classification task, Input input) {
    if (!(input instanceof Input.Text text)) {
      throw new IllegalArgumentException("a chat completion reads texts");
    }
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model", model);
    ArrayNode messages = root.putArray("messages");
    for (Prompt.Message message : prompt.messages(task, text.value())) {
      messages.addObject().put("role", message.role()).put("content", message.content());
    }
    root.put("temperature", 0);
    root.put("max_tokens", prompt.maximumTokens());
    if (logprobsHelp(task)) {
      root.put("logprobs", true).put("top_logprobs", REPORTED);
    }
    switch (prompt.structuredOutput()) {
      case NONE -> {}
      case JSON_OBJECT -> root.putObject("response_format").put("type", "json_object");
      case JSON_SCHEMA -> schema(root.putObject("response_format"), task);
    }
    return root;
  }

  private static void schema(ObjectNode format, Task.Classification task) {
    ObjectNode named = format.put("type", "json_schema").putObject("json_schema");
    named.put("name", "answer").put("strict", true);
    ObjectNode schema = named.putObject("schema").put("type", "object");
    ArrayNode labels =
        schema
            .putObject("properties")
            .putObject(AnswerParser.FIELD)
            .put("type", "string")
            .putArray("enum");
    task.labels().forEach(label -> labels.add(label.value()));
    schema.putArray("required").add(AnswerParser.FIELD);
    schema.put("additionalProperties", false);
  }

  @Override
  public Reading read(Task.Classification task, JsonNode reply) {
    JsonNode choice = reply.path("choices").path(0);
    if (!choice.path("message").isObject()) {
      return new Reading.Malformed("the reply has no choices[0].message");
    }
    Tokens tokens = Tokens.in(reply.path("usage")).orElse(null);
    String ending = choice.path("finish_reason").asText();
    if (ending.equals("content_filter")) {
      return new Reading.NoLabel("the endpoint's content filter stopped it", tokens);
    }
    if (choice.path("message").path("refusal").isTextual()) {
      return new Reading.NoLabel("the model refused to answer", tokens);
    }
    String words = choice.path("message").path("content").textValue();
    if (words == null) {
      return new Reading.NoLabel("the message has no text", tokens);
    }
    boolean whole = !ending.equals("length");
    Optional<Label> label =
        prompt.parser().label(words, whole).flatMap(found -> Labels.read(task, found));
    if (label.isEmpty()) {
      return new Reading.NoLabel(whole ? notALabel() : cutOff(), tokens);
    }
    Map<Label, Double> weights =
        weights(task, label.get(), choice.path("logprobs").path("content"));
    return new Reading.Labelled(
        new Answer.Classified(label.get(), Labels.distribution(task, label.get(), weights)),
        tokens);
  }

  private String notALabel() {
    return switch (prompt.parser()) {
      case EXACT -> "the answer is none of the labels";
      case FIRST_LINE -> "the answer's first line is none of the labels";
      case JSON -> "the answer is no JSON object with one of the labels";
    };
  }

  private String cutOff() {
    return "the answer was cut off after " + prompt.maximumTokens() + " tokens";
  }

  @Override
  public String promptVersion(Task.Classification task) {
    return "openai:" + prompt.fingerprint(task);
  }

  @Override
  public String promptName(Task.Classification task) {
    return prompt.name(task);
  }

  private static boolean logprobsHelp(Task.Classification task) {
    return task.labels().size() <= REPORTED
        && task.labels().stream()
            .allMatch(label -> label.value().chars().allMatch(Character::isLetterOrDigit));
  }

  /** The probabilities of the labels reported for the one token that was a label: the answer. */
  private static Map<Label, Double> weights(
      Task.Classification task, Label answer, JsonNode content) {
    JsonNode decisive = null;
    for (JsonNode token : content) {
      Optional<Label> named = Labels.read(task, token.path("token").asText());
      if (named.isPresent()) {
        // A second one, or one of another label, was said beside the answer: which decided?
        if (decisive != null || !named.get().equals(answer)) {
          return Map.of();
        }
        decisive = token;
      }
    }
    if (decisive == null) {
      return Map.of();
    }
    Map<Label, Double> weights = new HashMap<>();
    for (JsonNode token : decisive.path("top_logprobs")) {
      Labels.read(task, token.path("token").asText())
          .ifPresent(label -> weights.merge(label, probability(token), Double::sum));
    }
    return weights;
  }

  private static double probability(JsonNode token) {
    return Math.exp(token.path("logprob").asDouble(Double.NEGATIVE_INFINITY));
  }
}
