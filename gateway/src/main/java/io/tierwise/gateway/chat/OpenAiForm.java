package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The few things that are written in OpenAI's form here. */
final class OpenAiForm {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private OpenAiForm() {}

  /** An error object. */
  static byte[] error(String message, String type, @Nullable String field, String code) {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("error")
        .put("message", message)
        .put("type", type)
        .put("param", field)
        .put("code", code);
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** 400: the upstream has no place for a field. */
  static byte[] unsupported(String field, String detail) {
    return error(detail, "invalid_request_error", field, "unsupported_parameter");
  }

  /**
   * @throws IOException where it is no JSON object
   */
  static ObjectNode object(byte[] content) throws IOException {
    JsonNode node = JSON.readTree(content);
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new IOException("the reply is no JSON object");
  }

  /**
   * What the first choice of an answer says, for comparing: its text, and the tools it calls with
   * their arguments.
   */
  static String said(JsonNode answer) {
    JsonNode message = answer.path("choices").path(0).path("message");
    StringBuilder said = new StringBuilder(message.path("content").asText(""));
    if (said.isEmpty()) {
      said.append(message.path("refusal").asText(""));
    }
    for (JsonNode call : message.path("tool_calls")) {
      JsonNode function = call.path("function");
      said.append(said.isEmpty() ? "" : "\n")
          .append(function.path("name").asText())
          .append(' ')
          .append(arguments(function.path("arguments").asText()));
    }
    return said.toString();
  }

  /** The same of an answer that is no stream and was read before. */
  static String said(byte[] content) {
    try {
      return said(object(content));
    } catch (IOException e) {
      throw new IllegalStateException("it was read before", e);
    }
  }

  /** Without the white space that makes no difference. */
  private static String arguments(String text) {
    try {
      return JSON.readTree(text).toString();
    } catch (IOException e) {
      return text;
    }
  }
}
