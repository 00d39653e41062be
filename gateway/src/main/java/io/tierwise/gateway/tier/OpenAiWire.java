package io.tierwise.gateway.tier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * OpenAI's chat completions: a system message names the labels and asks for exactly one, at
 * temperature 0.
 *
 * <p>Log probabilities are asked for where they can say something: the labels are single words and
 * few enough to be all among the 20 that are reported. They are used when the whole answer was one
 * token; otherwise the answer is taken as certain.
 */
public final class OpenAiWire implements Wire {
  private static final int REPORTED = 20;

  @Override
  public String path(boolean bare) {
    return bare ? "/v1/chat/completions" : "/chat/completions";
  }

  @Override
  public JsonNode ask(String model, Task.Classification task, String text) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("model", model);
    var messages = root.putArray("messages");
    messages.addObject().put("role", "system").put("content", instructions(task));
    messages.addObject().put("role", "user").put("content", text);
    root.put("temperature", 0);
    if (logprobsHelp(task)) {
      root.put("logprobs", true).put("top_logprobs", REPORTED);
    }
    return root;
  }

  @Override
  public Reading read(Task.Classification task, JsonNode reply) {
    JsonNode choice = reply.path("choices").path(0);
    if (!choice.path("message").isObject()) {
      return new Reading.Malformed("the reply has no choices[0].message");
    }
    Tokens tokens = Tokens.in(reply.path("usage")).orElse(null);
    String words = choice.path("message").path("content").textValue();
    if (words == null) {
      return new Reading.NoLabel("the message has no text", tokens);
    }
    Optional<Label> label = Labels.read(task, words);
    if (label.isEmpty()) {
      return new Reading.NoLabel("the answer is none of the labels", tokens);
    }
    Map<Label, Double> weights =
        weights(task, label.get(), choice.path("logprobs").path("content"));
    return new Reading.Labelled(
        new Answer.Classified(label.get(), Labels.distribution(task, label.get(), weights)),
        tokens);
  }

  @Override
  public String promptVersion(Task.Classification task) {
    return "openai:" + instructions(task);
  }

  static String instructions(Task.Classification task) {
    return task.labels().stream()
        .map(label -> "- " + label.value())
        .collect(
            Collectors.joining(
                "\n",
                "Classify the user's message. Answer with exactly one of these labels,"
                    + " copied letter for letter, and nothing else:\n",
                ""));
  }

  private static boolean logprobsHelp(Task.Classification task) {
    return task.labels().size() <= REPORTED
        && task.labels().stream()
            .allMatch(label -> label.value().chars().allMatch(Character::isLetterOrDigit));
  }

  /** The probabilities of the labels among the reported tokens, when one token was the answer. */
  private static Map<Label, Double> weights(
      Task.Classification task, Label answer, JsonNode content) {
    if (content.size() != 1 || !names(task, content.get(0), answer)) {
      return Map.of();
    }
    Map<Label, Double> weights = new HashMap<>();
    for (JsonNode token : content.get(0).path("top_logprobs")) {
      Labels.read(task, token.path("token").asText())
          .ifPresent(label -> weights.merge(label, probability(token), Double::sum));
    }
    return weights;
  }

  private static boolean names(Task.Classification task, JsonNode token, Label label) {
    return Labels.read(task, token.path("token").asText()).filter(label::equals).isPresent();
  }

  private static double probability(JsonNode token) {
    return Math.exp(token.path("logprob").asDouble(Double.NEGATIVE_INFINITY));
  }
}
