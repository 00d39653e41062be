package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.gateway.chat.Completion.Tokens;
import io.tierwise.gateway.chat.Conversation.Block;
import io.tierwise.gateway.chat.EventFrames.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Amazon Bedrock's Converse and ConverseStream. Calls carry a Bedrock API key, or are signed. A
 * structured answer is asked for as the input of a tool that must be called.
 */
record BedrockWire(Clock clock) implements ChatWire {
  @Override
  public String path(boolean bare, String model, boolean stream) {
    return "/model/"
        + URLEncoder.encode(model, StandardCharsets.UTF_8)
        + (stream ? "/converse-stream" : "/converse");
  }

  @Override
  public Map<String, String> headers(@Nullable String apiKey) {
    return apiKey == null ? Map.of() : Map.of("authorization", "Bearer " + apiKey);
  }

  @Override
  public boolean streams(String contentType) {
    return contentType.startsWith("application/vnd.amazon.eventstream");
  }

  @Override
  public byte[] request(ObjectNode question, String model) {
    Conversation conversation = Conversation.of(question);
    ObjectNode root = OpenAiForm.JSON.createObjectNode();
    if (!conversation.instructions().isEmpty()) {
      root.putArray("system").addObject().put("text", conversation.instructions());
    }
    ArrayNode messages = root.putArray("messages");
    for (Conversation.Turn turn : conversation.turns()) {
      ObjectNode message = messages.addObject().put("role", turn.users() ? "user" : "assistant");
      ArrayNode content = message.putArray("content");
      turn.blocks().forEach(block -> content.add(block(block)));
    }
    ObjectNode inference = OpenAiForm.JSON.createObjectNode();
    conversation.mostTokens().ifPresent(most -> inference.put("maxTokens", most));
    if (question.path("temperature").isNumber()) {
      inference.put("temperature", Math.min(1, question.path("temperature").doubleValue()));
    }
    if (question.path("top_p").isNumber()) {
      inference.set("topP", question.path("top_p"));
    }
    List<String> stops = conversation.stops();
    if (!stops.isEmpty()) {
      ArrayNode sequences = inference.putArray("stopSequences");
      stops.forEach(sequences::add);
    }
    if (!inference.isEmpty()) {
      root.set("inferenceConfig", inference);
    }
    tools(conversation, root);
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void tools(Conversation conversation, ObjectNode root) {
    JsonNode schema = conversation.answerSchema().orElse(null);
    if (schema != null) {
      ObjectNode config = root.putObject("toolConfig");
      ObjectNode tool = config.putArray("tools").addObject().putObject("toolSpec");
      tool.put("name", Completion.STRUCTURED).put("description", "Gives the answer.");
      tool.putObject("inputSchema").set("json", schema);
      config.putObject("toolChoice").putObject("tool").put("name", Completion.STRUCTURED);
      return;
    }
    String choice = conversation.toolChoice().orElse("auto");
    List<Conversation.Tool> tools = conversation.tools();
    // There is no word for none: then the tools are not named.
    if (tools.isEmpty() || choice.equals("none")) {
      return;
    }
    ObjectNode config = root.putObject("toolConfig");
    ArrayNode all = config.putArray("tools");
    for (Conversation.Tool tool : tools) {
      ObjectNode spec = all.addObject().putObject("toolSpec").put("name", tool.name());
      if (tool.description() != null) {
        spec.put("description", tool.description());
      }
      spec.putObject("inputSchema").set("json", tool.parameters());
    }
    ObjectNode chosen = config.putObject("toolChoice");
    switch (choice) {
      case "auto" -> chosen.putObject("auto");
      case "required" -> chosen.putObject("any");
      default -> chosen.putObject("tool").put("name", choice);
    }
  }

  private static ObjectNode block(Block block) {
    ObjectNode node = OpenAiForm.JSON.createObjectNode();
    switch (block) {
      case Block.Text text -> node.put("text", text.text());
      case Block.Image image -> {
        ObjectNode picture = node.putObject("image");
        picture.put("format", image.mediaType().substring("image/".length()));
        picture.putObject("source").put("bytes", image.data());
      }
      case Block.LinkedImage image ->
          throw new UnsupportedChatException(
              "messages", "This upstream fetches no images: send the image itself as a data URL.");
      case Block.ToolUse use ->
          node.putObject("toolUse")
              .put("toolUseId", use.id())
              .put("name", use.name())
              .set("input", use.input());
      case Block.ToolResult result -> {
        ObjectNode given = node.putObject("toolResult").put("toolUseId", result.id());
        given.putArray("content").addObject().put("text", result.text());
      }
    }
    return node;
  }

  @Override
  public byte[] answer(int status, byte[] content, String model) throws IOException {
    ObjectNode root = OpenAiForm.object(content);
    if (status >= 400) {
      String message = root.path("message").asText(root.path("Message").asText());
      return OpenAiForm.error(
          message.isEmpty() ? "The upstream refused it." : message,
          "invalid_request_error",
          null,
          "validation_exception");
    }
    Completion completion = new Completion(model, clock.instant().getEpochSecond());
    for (JsonNode block : root.path("output").path("message").path("content")) {
      completion.text(block.path("text").asText(""));
      JsonNode use = block.path("toolUse");
      if (use.isObject()) {
        completion.tool(
            use.path("toolUseId").asText(), use.path("name").asText(), use.path("input"));
      }
    }
    return completion.whole(finish(root.path("stopReason").asText()), tokens(root.path("usage")));
  }

  private static Tokens tokens(JsonNode usage) {
    long cached = usage.path("cacheReadInputTokens").asLong();
    long input =
        usage.path("inputTokens").asLong() + usage.path("cacheWriteInputTokens").asLong() + cached;
    return new Tokens(input, cached, usage.path("outputTokens").asLong());
  }

  private static String finish(String reason) {
    return switch (reason) {
      case "max_tokens", "model_context_window_exceeded" -> "length";
      case "tool_use" -> "tool_calls";
      case "guardrail_intervened", "content_filtered" -> "content_filter";
      default -> "stop";
    };
  }

  @Override
  public void events(InputStream body, ObjectNode question, String model, Consumer<String> lines)
      throws IOException {
    boolean usageAsked = question.path("stream_options").path("include_usage").asBoolean(false);
    Completion completion = new Completion(model, clock.instant().getEpochSecond());
    String finish = null;
    Tokens tokens = null;
    try (body) {
      EventFrames frames = new EventFrames(body);
      for (Optional<Frame> next = frames.next(); next.isPresent(); next = frames.next()) {
        Frame frame = next.get();
        JsonNode payload = OpenAiForm.JSON.readTree(frame.payload());
        if (!frame.header(":message-type").equals("event")) {
          Completion.failed(
              payload.path("message").asText(), frame.header(":exception-type"), lines);
          return;
        }
        switch (frame.header(":event-type")) {
          case "messageStart" -> completion.begin(lines);
          case "contentBlockStart" -> {
            JsonNode use = payload.path("start").path("toolUse");
            if (use.isObject()) {
              completion.beginTool(
                  use.path("toolUseId").asText(), use.path("name").asText(), lines);
            }
          }
          case "contentBlockDelta" -> delta(payload.path("delta"), completion, lines);
          case "messageStop" -> finish = finish(payload.path("stopReason").asText());
          case "metadata" -> tokens = tokens(payload.path("usage"));
          default -> {
            // The end of a block, or what a later version adds.
          }
        }
      }
    }
    // The usage comes after the reason, and both belong to the last chunk.
    if (finish != null) {
      completion.end(finish, tokens, usageAsked, lines);
    }
  }

  private static void delta(JsonNode delta, Completion completion, Consumer<String> lines) {
    if (delta.has("text")) {
      completion.piece(delta.path("text").asText(), lines);
    } else if (delta.has("toolUse")) {
      completion.arguments(delta.path("toolUse").path("input").asText(), lines);
    }
  }
}
