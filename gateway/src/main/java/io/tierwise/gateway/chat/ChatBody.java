package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A chat completion's body, of which only what routing and accounting need is read; everything else
 * is passed through as it came, known or not.
 */
record ChatBody(ObjectNode json) {
  private static final int BYTES_PER_TOKEN = 4;
  private static final long USUAL_ANSWER = 1024;

  boolean stream() {
    return json.path("stream").asBoolean(false);
  }

  /** What the user says, in all turns: the router's question. */
  String prompt() {
    StringBuilder prompt = new StringBuilder();
    for (JsonNode message : json.path("messages")) {
      if ("user".equals(message.path("role").asText())) {
        prompt.append(prompt.isEmpty() ? "" : "\n").append(text(message.path("content")));
      }
    }
    return prompt.toString();
  }

  /** How many messages the user has sent; at least one, for a router that counts them. */
  int turns() {
    int turns = 0;
    for (JsonNode message : json.path("messages")) {
      turns += "user".equals(message.path("role").asText()) ? 1 : 0;
    }
    return Math.max(1, turns);
  }

  /**
   * The same as audits ask it: whole, one answer, and nothing kept of it by the upstream.
   *
   * @param settled whether at temperature 0, or as the caller has it
   */
  ObjectNode audited(boolean settled) {
    ObjectNode asked = json.deepCopy();
    asked.remove(List.of("stream", "stream_options", "n", "store", "metadata"));
    if (settled) {
      asked.remove("top_p");
      asked.put("temperature", 0);
    }
    return asked;
  }

  int bytes() {
    return json.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  /** About; for what is set aside before the call. */
  long inputTokens() {
    return Math.ceilDiv(bytes(), BYTES_PER_TOKEN);
  }

  /** What the caller allows in all choices together, or what is usual. */
  long mostOutputTokens() {
    long most =
        json.path("max_completion_tokens").asLong(json.path("max_tokens").asLong(USUAL_ANSWER));
    return Math.max(1, most) * Math.max(1, json.path("n").asLong(1));
  }

  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.path("text").asText(""));
    }
    return text.toString();
  }
}
