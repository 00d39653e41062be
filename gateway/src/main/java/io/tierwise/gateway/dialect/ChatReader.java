package io.tierwise.gateway.dialect;

import static io.tierwise.gateway.dialect.DialectException.badRequest;
import static io.tierwise.gateway.dialect.StrictJson.absent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/**
 * Reads the body of a chat completion and refuses what a task cannot honour: a parameter that would
 * change the answer is never dropped in silence. {@code null} means absent, as it does for OpenAI.
 */
final class ChatReader {
  static final int MAXIMUM_TOP_LOGPROBS = 20;

  private static final String UNSUPPORTED = "unsupported_parameter";

  private static final Set<String> READ =
      Set.of(
          "model",
          "messages",
          "stream",
          "stream_options",
          "n",
          "logprobs",
          "top_logprobs",
          "temperature");

  /** They change nothing about which label answers, so they are taken and not looked at. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "frequency_penalty",
          "max_completion_tokens",
          "max_tokens",
          "metadata",
          "parallel_tool_calls",
          "presence_penalty",
          "prompt_cache_key",
          "prompt_cache_retention",
          "reasoning_effort",
          "safety_identifier",
          "seed",
          "service_tier",
          "stop",
          "store",
          "top_p",
          "user",
          "verbosity");

  private static final Map<String, String> NOT_OFFERED =
      Map.of(
          "tools", "tasks call no tools",
          "tool_choice", "tasks call no tools",
          "functions", "tasks call no functions",
          "function_call", "tasks call no functions",
          "logit_bias", "a task's answer cannot be biased",
          "audio", "tasks answer with text",
          "modalities", "tasks answer with text",
          "prediction", "tasks take no predicted output",
          "web_search_options", "tasks do not search the web");

  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  private final ObjectNode body;

  ChatReader(ObjectNode body) {
    this.body = body;
  }

  /** Refuses every parameter that is unknown or cannot be honoured. */
  void checkParameters() {
    for (Map.Entry<String, JsonNode> property : body.properties()) {
      String name = property.getKey();
      if (property.getValue().isNull() || READ.contains(name) || WITHOUT_EFFECT.contains(name)) {
        continue;
      }
      String reason = NOT_OFFERED.get(name);
      if (reason != null) {
        throw badRequest(name, "'" + name + "' is not supported: " + reason + ".", UNSUPPORTED);
      }
      if (!name.equals("response_format")) {
        String shown = StrictJson.excerpt(name);
        throw badRequest(shown, "Unknown parameter: '" + shown + "'.", "unknown_parameter");
      }
    }
    checkChoices();
    checkResponseFormat();
  }

  String model() {
    JsonNode model = required("model");
    if (!model.isTextual() || model.textValue().isBlank()) {
      throw badRequest("model", "'model' must be a string that names a task.", "invalid_type");
    }
    return model.textValue();
  }

  /** The text to classify: the last user message's. */
  String text() {
    if (!(required("messages") instanceof ArrayNode messages) || messages.isEmpty()) {
      throw badRequest("messages", "'messages' must be a list of messages.", "invalid_type");
    }
    int last = -1;
    for (int i = 0; i < messages.size(); i++) {
      if (role(messages.get(i), i).equals("user")) {
        last = i;
      }
    }
    if (last < 0) {
      throw badRequest(
          "messages",
          "There is no user message; its text is what is classified.",
          "no_user_message");
    }
    return InputText.checked(content(messages.get(last), last), "messages[" + last + "].content");
  }

  /** Whether the distribution is wanted. */
  boolean logprobs() {
    return flag(body.path("logprobs"), "logprobs");
  }

  Delivery delivery() {
    boolean stream = flag(body.path("stream"), "stream");
    JsonNode options = body.path("stream_options");
    if (absent(options)) {
      return stream ? Delivery.STREAM : Delivery.WHOLE;
    }
    if (!stream) {
      throw badRequest(
          "stream_options", "'stream_options' needs 'stream' to be true.", "invalid_value");
    }
    if (!options.isObject()) {
      throw badRequest("stream_options", "'stream_options' must be an object.", "invalid_type");
    }
    boolean usage = false;
    for (Map.Entry<String, JsonNode> option : options.properties()) {
      String field = "stream_options." + StrictJson.excerpt(option.getKey());
      switch (option.getKey()) {
        case "include_usage" -> usage = flag(option.getValue(), field);
        // Padding against eavesdroppers who count bytes: a label is too short to hide.
        case "include_obfuscation" -> flag(option.getValue(), field);
        default ->
            throw badRequest(field, "Unknown parameter: '" + field + "'.", "unknown_parameter");
      }
    }
    return usage ? Delivery.STREAM_WITH_USAGE : Delivery.STREAM;
  }

  int topLogprobs() {
    JsonNode top = body.path("top_logprobs");
    if (absent(top)) {
      return 0;
    }
    if (!top.isIntegralNumber()
        || !top.canConvertToInt()
        || top.intValue() < 0
        || top.intValue() > MAXIMUM_TOP_LOGPROBS) {
      throw badRequest(
          "top_logprobs",
          "'top_logprobs' must be a whole number from 0 to " + MAXIMUM_TOP_LOGPROBS + ".",
          "invalid_value");
    }
    if (!logprobs()) {
      throw badRequest(
          "top_logprobs", "'top_logprobs' needs 'logprobs' to be true.", "invalid_value");
    }
    return top.intValue();
  }

  /** 0 when it is absent: a task is answered the same way every time unless asked otherwise. */
  double temperature() {
    JsonNode temperature = body.path("temperature");
    if (absent(temperature)) {
      return 0;
    }
    double value = temperature.isNumber() ? temperature.doubleValue() : Double.NaN;
    if (!(value >= 0 && value <= 2)) {
      throw badRequest("temperature", "'temperature' must be from 0 to 2.", "invalid_value");
    }
    return value;
  }

  private static boolean flag(JsonNode value, String field) {
    if (absent(value)) {
      return false;
    }
    if (!value.isBoolean()) {
      throw badRequest(field, "'" + field + "' must be true or false.", "invalid_type");
    }
    return value.booleanValue();
  }

  private void checkChoices() {
    JsonNode n = body.path("n");
    if (!absent(n) && !(n.isIntegralNumber() && n.canConvertToInt() && n.intValue() == 1)) {
      throw badRequest("n", "'n' must be 1: a task has one answer.", "unsupported_value");
    }
  }

  private void checkResponseFormat() {
    JsonNode format = body.path("response_format");
    if (!absent(format) && !"text".equals(format.path("type").textValue())) {
      throw badRequest(
          "response_format",
          "'response_format' must be {\"type\": \"text\"}: a task answers with its label.",
          "unsupported_value");
    }
  }

  private static String role(JsonNode message, int index) {
    String field = "messages[" + index + "]";
    if (!message.isObject()) {
      throw badRequest(field, "'" + field + "' must be an object.", "invalid_type");
    }
    String role = message.path("role").textValue();
    if (role == null || !ROLES.contains(role)) {
      throw badRequest(
          field + ".role",
          "'" + field + ".role' must be one of system, developer, user, assistant, tool.",
          "invalid_value");
    }
    return role;
  }

  private static String content(JsonNode message, int index) {
    String field = "messages[" + index + "].content";
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return content.textValue();
    }
    if (!(content instanceof ArrayNode parts) || parts.isEmpty()) {
      throw badRequest(
          field, "'" + field + "' must be a string or a list of text parts.", "invalid_type");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      String part = field + "[" + i + "]";
      if (!"text".equals(parts.get(i).path("type").textValue())) {
        throw badRequest(
            part + ".type",
            "'" + part + "' must be a text part: tasks read text.",
            "invalid_value");
      }
      String value = parts.get(i).path("text").textValue();
      if (value == null) {
        throw badRequest(part + ".text", "'" + part + ".text' must be a string.", "invalid_type");
      }
      text.append(i == 0 ? "" : "\n").append(value);
    }
    return text.toString();
  }

  private JsonNode required(String name) {
    JsonNode value = body.path(name);
    if (absent(value)) {
      throw badRequest(
          name, "Missing required parameter: '" + name + "'.", "missing_required_parameter");
    }
    return value;
  }
}
