package io.tierwise.gateway.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

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

  /**
   * A question and all that its answer depends on besides.
   *
   * @param text what the user says last
   * @param rest the body without it
   */
  record Question(String text, ChatBody rest) {}

  /** The last message's text, parted from everything else; empty where it is not the user's. */
  Optional<Question> question() {
    ObjectNode rest = json.deepCopy();
    JsonNode messages = rest.path("messages");
    if (!(messages.path(messages.size() - 1) instanceof ObjectNode last)
        || !"user".equals(last.path("role").asText())) {
      return Optional.empty();
    }
    JsonNode content = last.path("content");
    String text = text(content);
    if (content.isTextual()) {
      last.remove("content");
    } else {
      content.forEach(part -> {
        if (part instanceof ObjectNode object) {
          object.remove("text");
        }
      });
    }
    return text.isBlank() ? Optional.empty() : Optional.of(new Question(text, new ChatBody(rest)));
  }

  /**
   * All that an answer depends on, in one form: without the chat's name, its fields in the order of
   * their names, in NFC.
   */
  byte[] canonical() {
    ObjectNode asked = json.deepCopy();
    asked.remove("model");
    return Normalizer.normalize(ordered(asked).toString(), Normalizer.Form.NFC).getBytes(UTF_8);
  }

  private static JsonNode ordered(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        TreeMap<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        ObjectNode sorted = OpenAiForm.JSON.createObjectNode();
        fields.forEach((name, value) -> sorted.set(name, ordered(value)));
        yield sorted;
      }
      case ArrayNode array -> {
        ArrayNode same = OpenAiForm.JSON.createArrayNode();
        array.forEach(item -> same.add(ordered(item)));
        yield same;
      }
      default -> node;
    };
  }

  /** Whether no tool is offered and one answer is wanted. */
  boolean plain() {
    return json.path("tools").isEmpty()
        && json.path("functions").isEmpty()
        && json.path("n").asLong(1) == 1;
  }

  int bytes() {
    return json.toString().getBytes(UTF_8).length;
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
