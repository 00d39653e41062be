package io.tierwise.gateway.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tierwise.gateway.tier.TokenCount;
import io.tierwise.router.cost.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one answer: as the upstream reports them, or counted of what it said, tool calls
 * among it.
 */
final class ChatUsage {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What of a message is no words of the model's. */
  private static final Set<String> NOT_SAID = Set.of("role", "id", "type");

  private final String model;
  private final JsonNode question;
  private final StringBuilder said = new StringBuilder();
  private @Nullable JsonNode reported;
  private boolean finished;

  ChatUsage(String model, JsonNode question) {
    this.model = model;
    this.question = question;
  }

  /** Reads an answer that is not a stream; false when it is no JSON object. */
  boolean readWhole(byte[] content) {
    try {
      JsonNode answer = JSON.readTree(content);
      if (answer == null || !answer.isObject()) {
        return false;
      }
      read(answer, "message");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What one chunk of a stream is. */
  enum Chunk {
    FINE,
    ERROR,
    MALFORMED
  }

  Chunk readChunk(String data) {
    try {
      JsonNode chunk = JSON.readTree(data);
      if (chunk == null || !chunk.isObject()) {
        return Chunk.MALFORMED;
      }
      if (chunk.hasNonNull("error")) {
        return Chunk.ERROR;
      }
      read(chunk, "delta");
      return Chunk.FINE;
    } catch (JsonProcessingException e) {
      return Chunk.MALFORMED;
    }
  }

  /** Whether a choice has said that it is at its end. */
  boolean finished() {
    return finished;
  }

  Usage usage(Duration took) {
    Usage called = Usage.call(took);
    JsonNode tokens = reported;
    if (tokens == null) {
      return TokenCount.estimate(model, question, new TextNode(said.toString()), called);
    }
    long input = Math.max(0, tokens.path("prompt_tokens").asLong());
    long cached = tokens.path("prompt_tokens_details").path("cached_tokens").asLong();
    long output = Math.max(0, tokens.path("completion_tokens").asLong());
    return new Usage(1, input, Math.clamp(cached, 0, input), output, took);
  }

  private void read(JsonNode part, String what) {
    if (part.path("usage").path("prompt_tokens").isNumber()) {
      reported = part.path("usage");
    }
    for (JsonNode choice : part.path("choices")) {
      finished |= choice.hasNonNull("finish_reason");
      say(choice.path(what));
    }
  }

  private void say(JsonNode node) {
    if (node.isTextual()) {
      said.append(node.textValue());
    }
    node.properties().stream()
        .filter(field -> !NOT_SAID.contains(field.getKey()))
        .forEach(field -> say(field.getValue()));
    if (node.isArray()) {
      node.forEach(this::say);
    }
  }
}
