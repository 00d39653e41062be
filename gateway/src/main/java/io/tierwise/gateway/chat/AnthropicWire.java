package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.chat.Completion.Tokens;
import io.tierwise.gateway.chat.Conversation.Block;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Anthropic's Messages, version 2023-06-01. A structured answer is asked for as the input of a tool
 * that must be called. Prompt caching is the upstream's affair: what it read from its cache is
 * reported as cached tokens, and what it wrote to it as ordinary ones.
 */
record AnthropicWire(Clock clock) implements ChatWire {
  /** An answer must be limited there. */
  private static final long MOST_TOKENS = 4096;

  private static final String DATA = "data:";

  @Override
  public String path(boolean bare, String model, boolean stream) {
    return bare ? "/v1/messages" : "/messages";
  }

  @Override
  public Map<String, String> headers(@Nullable String apiKey) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("anthropic-version", "2023-06-01");
    if (apiKey != null) {
      headers.put("x-api-key", apiKey);
    }
    return headers;
  }

  @Override
  public byte[] request(ObjectNode question, String model) {
    Conversation conversation = Conversation.of(question);
    ObjectNode root = OpenAiForm.JSON.createObjectNode().put("model", model);
    root.put("max_tokens", conversation.mostTokens().orElse(MOST_TOKENS));
    if (!conversation.instructions().isEmpty()) {
      root.put("system", conversation.instructions());
    }
    ArrayNode messages = root.putArray("messages");
    for (Conversation.Turn turn : conversation.turns()) {
      ObjectNode message = messages.addObject().put("role", turn.users() ? "user" : "assistant");
      ArrayNode content = message.putArray("content");
      turn.blocks().forEach(block -> content.add(block(block)));
    }
    JsonNode temperature = question.path("temperature");
    if (temperature.isNumber()) {
      // There it ends at 1.
      root.set(
          "temperature",
          temperature.doubleValue() > 1
              ? OpenAiForm.JSON.getNodeFactory().numberNode(1)
              : temperature);
    }
    if (question.path("top_p").isNumber()) {
      root.set("top_p", question.path("top_p"));
    }
    List<String> stops = conversation.stops();
    if (!stops.isEmpty()) {
      ArrayNode sequences = root.putArray("stop_sequences");
      stops.forEach(sequences::add);
    }
    if (question.path("user").isTextual()) {
      root.putObject("metadata").put("user_id", question.path("user").textValue());
    }
    tools(conversation, root);
    if (question.path("stream").asBoolean(false)) {
      root.put("stream", true);
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void tools(Conversation conversation, ObjectNode root) {
    JsonNode schema = conversation.answerSchema().orElse(null);
    if (schema != null) {
      ObjectNode tool = root.putArray("tools").addObject().put("name", Completion.STRUCTURED);
      tool.put("description", "Gives the answer.").set("input_schema", schema);
      root.putObject("tool_choice").put("type", "tool").put("name", Completion.STRUCTURED);
      return;
    }
    List<Conversation.Tool> tools = conversation.tools();
    if (tools.isEmpty()) {
      return;
    }
    ArrayNode all = root.putArray("tools");
    for (Conversation.Tool tool : tools) {
      ObjectNode node = all.addObject().put("name", tool.name());
      if (tool.description() != null) {
        node.put("description", tool.description());
      }
      node.set("input_schema", tool.parameters());
    }
    String choice = conversation.toolChoice().orElse("auto");
    ObjectNode chosen = root.putObject("tool_choice");
    switch (choice) {
      case "auto", "none" -> chosen.put("type", choice);
      case "required" -> chosen.put("type", "any");
      default -> chosen.put("type", "tool").put("name", choice);
    }
    if (!conversation.question().path("parallel_tool_calls").asBoolean(true)
        && !choice.equals("none")) {
      chosen.put("disable_parallel_tool_use", true);
    }
  }

  private static ObjectNode block(Block block) {
    ObjectNode node = OpenAiForm.JSON.createObjectNode();
    switch (block) {
      case Block.Text text -> node.put("type", "text").put("text", text.text());
      case Block.Image image ->
          node.put("type", "image")
              .putObject("source")
              .put("type", "base64")
              .put("media_type", image.mediaType())
              .put("data", image.data());
      case Block.LinkedImage image ->
          node.put("type", "image").putObject("source").put("type", "url").put("url", image.url());
      case Block.ToolUse use ->
          node.put("type", "tool_use")
              .put("id", use.id())
              .put("name", use.name())
              .set("input", use.input());
      case Block.ToolResult result ->
          node.put("type", "tool_result")
              .put("tool_use_id", result.id())
              .put("content", result.text());
    }
    return node;
  }

  @Override
  public byte[] answer(int status, byte[] content, String model) throws IOException {
    ObjectNode root = OpenAiForm.object(content);
    if (status >= 400) {
      JsonNode error = root.path("error");
      return OpenAiForm.error(
          error.path("message").asText("The upstream refused it."),
          "invalid_request_error",
          null,
          error.path("type").asText("invalid_request_error"));
    }
    Completion completion = new Completion(model, clock.instant().getEpochSecond());
    completion.id(root.path("id").asText());
    for (JsonNode block : root.path("content")) {
      switch (block.path("type").asText()) {
        case "text" -> completion.text(block.path("text").asText());
        case "tool_use" ->
            completion.tool(
                block.path("id").asText(), block.path("name").asText(), block.path("input"));
        default -> {
          // Thinking has no place in a chat completion.
        }
      }
    }
    JsonNode usage = root.path("usage");
    return completion.whole(
        finish(root.path("stop_reason").asText()),
        tokens(usage, usage.path("output_tokens").asLong()));
  }

  private static Tokens tokens(JsonNode usage, long output) {
    long cached = usage.path("cache_read_input_tokens").asLong();
    long input =
        usage.path("input_tokens").asLong()
            + usage.path("cache_creation_input_tokens").asLong()
            + cached;
    return new Tokens(input, cached, output);
  }

  private static String finish(String reason) {
    return switch (reason) {
      case "max_tokens", "model_context_window_exceeded" -> "length";
      case "tool_use" -> "tool_calls";
      case "refusal" -> "content_filter";
      default -> "stop";
    };
  }

  @Override
  public void events(InputStream body, ObjectNode question, String model, Consumer<String> lines)
      throws IOException {
    Events events = new Events(question, model, lines);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith(DATA)) {
          events.take(line.substring(DATA.length()).strip());
        }
      }
    }
  }

  /** One stream under way. */
  private final class Events {
    private final boolean usageAsked;
    private final Consumer<String> lines;
    private final Completion completion;
    private JsonNode read = OpenAiForm.JSON.missingNode();
    private String finish = "stop";
    private long output;

    Events(ObjectNode question, String model, Consumer<String> lines) {
      this.usageAsked = question.path("stream_options").path("include_usage").asBoolean(false);
      this.lines = lines;
      this.completion = new Completion(model, clock.instant().getEpochSecond());
    }

    void take(String data) {
      JsonNode event;
      try {
        event = OpenAiForm.object(data.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // Whoever reads the lines finds it malformed, as it is.
        lines.accept(DATA + " " + data);
        return;
      }
      switch (event.path("type").asText()) {
        case "message_start" -> {
          read = event.path("message").path("usage");
          completion.id(event.path("message").path("id").asText());
          completion.begin(lines);
        }
        case "content_block_start" -> {
          JsonNode block = event.path("content_block");
          if (block.path("type").asText().equals("tool_use")) {
            completion.beginTool(block.path("id").asText(), block.path("name").asText(), lines);
          }
        }
        case "content_block_delta" -> {
          JsonNode delta = event.path("delta");
          switch (delta.path("type").asText()) {
            case "text_delta" -> completion.piece(delta.path("text").asText(), lines);
            case "input_json_delta" ->
                completion.arguments(delta.path("partial_json").asText(), lines);
            default -> {
              // Thinking has no place in a chat completion.
            }
          }
        }
        case "message_delta" -> {
          finish = AnthropicWire.finish(event.path("delta").path("stop_reason").asText());
          output = event.path("usage").path("output_tokens").asLong(output);
        }
        case "message_stop" -> completion.end(finish, tokens(read, output), usageAsked, lines);
        case "error" ->
            Completion.failed(
                event.path("error").path("message").asText(),
                event.path("error").path("type").asText(),
                lines);
        default -> {
          // A ping, or what a later version adds.
        }
      }
    }
  }
}
