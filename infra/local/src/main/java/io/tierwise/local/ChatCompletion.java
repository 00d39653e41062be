package io.tierwise.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.request.Distribution;
import io.tierwise.student.model.Prediction;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * OpenAI's chat completion of one text: the last user message is the text, the label is the answer.
 *
 * @param logprobs whether the distribution is asked for
 * @param topLogprobs how many labels of it, the most probable first; all where that was left open
 */
record ChatCompletion(String model, String text, boolean logprobs, int topLogprobs) {
  private static final int MOST_TOP_LOGPROBS = 20;

  /** OpenAI's own stand-in for the logarithm of nothing. */
  private static final double LEAST_LOGPROB = -9999;

  static ChatCompletion read(ObjectNode body) {
    JsonNode model = body.path("model");
    if (!model.isTextual() || model.textValue().isBlank()) {
      throw RefusedException.invalid("model", "must name the model.");
    }
    if (Json.flag(body, "stream")) {
      throw RefusedException.invalid("stream", "must be false: the teacher answers in one piece.");
    }
    Json.number(body, "n", 1, 1, 1);
    boolean logprobs = Json.flag(body, "logprobs");
    int top = Json.number(body, "top_logprobs", 0, MOST_TOP_LOGPROBS, Integer.MAX_VALUE);
    if (!logprobs && top != Integer.MAX_VALUE) {
      throw RefusedException.invalid("top_logprobs", "needs 'logprobs' to be true.");
    }
    return new ChatCompletion(
        model.textValue(), lastUserMessage(body.path("messages")), logprobs, top);
  }

  /** The body of the answer. */
  ObjectNode answer(Prediction prediction, int promptTokens, String version, String id, long now) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("id", id).put("object", "chat.completion").put("created", now).put("model", model);
    ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
    choice
        .putObject("message")
        .put("role", "assistant")
        .put("content", prediction.label().value())
        .putNull("refusal");
    if (logprobs) {
      choice.set("logprobs", logprobs(prediction.distribution()));
    } else {
      choice.putNull("logprobs");
    }
    choice.put("finish_reason", "stop");
    root.putObject("usage")
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", 1)
        .put("total_tokens", promptTokens + 1);
    return root.put("system_fingerprint", version);
  }

  private ObjectNode logprobs(Distribution distribution) {
    List<Integer> order =
        IntStream.range(0, distribution.labels().size())
            .boxed()
            .sorted(Comparator.comparingDouble(label -> -distribution.probability(label)))
            .toList();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode token = root.putArray("content").addObject();
    putToken(token, distribution, distribution.top());
    ArrayNode top = token.putArray("top_logprobs");
    order.stream()
        .limit(topLogprobs)
        .forEach(label -> putToken(top.addObject(), distribution, label));
    return root.putNull("refusal");
  }

  /** A label as if it were one token. */
  private static void putToken(ObjectNode token, Distribution distribution, int label) {
    String text = distribution.labels().get(label).value();
    double logprob = Math.log(distribution.probability(label));
    token.put("token", text).put("logprob", Math.max(LEAST_LOGPROB, logprob));
    ArrayNode bytes = token.putArray("bytes");
    for (byte each : text.getBytes(UTF_8)) {
      bytes.add(each & 0xff);
    }
  }

  private static String lastUserMessage(JsonNode messages) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw RefusedException.invalid("messages", "must be a list with at least one message.");
    }
    for (int i = messages.size() - 1; i >= 0; i--) {
      if ("user".equals(messages.get(i).path("role").textValue())) {
        return text("messages[" + i + "].content", messages.get(i).path("content"));
      }
    }
    throw RefusedException.invalid("messages", "must hold a message with the role 'user'.");
  }

  private static String text(String field, JsonNode content) {
    StringBuilder text = new StringBuilder();
    if (content.isTextual()) {
      text.append(content.textValue());
    } else if (content.isArray()) {
      for (int part = 0; part < content.size(); part++) {
        String words = content.get(part).path("text").textValue();
        if (words == null) {
          throw RefusedException.invalid(field + "[" + part + "]", "must be a part with a text.");
        }
        text.append(text.isEmpty() ? "" : "\n").append(words);
      }
    } else {
      throw RefusedException.invalid(field, "must be a text or a list of text parts.");
    }
    if (text.toString().isBlank()) {
      throw RefusedException.invalid(field, "is blank.");
    }
    return text.toString();
  }
}
