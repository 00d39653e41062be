package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a chat completion's body asks, for protocols that put it otherwise. Instructions stand apart
 * from turns, and turns of one side that follow each other are one.
 *
 * <p>Fields that only steer an answer and have no place there are left out: {@code seed}, {@code
 * logit_bias}, the penalties and their like. Those that would change its form are refused.
 */
record Conversation(String instructions, List<Turn> turns, ObjectNode question) {
  private static final Pattern DATA_URL =
      Pattern.compile("data:(image/[a-z+.-]+);base64,(.+)", Pattern.DOTALL);
  private static final List<String> NO_PLACE =
      List.of("logprobs", "audio", "prediction", "web_search_options");

  /** What one side says in a row. */
  record Turn(boolean users, List<Block> blocks) {}

  /** A piece of it. */
  sealed interface Block {
    record Text(String text) implements Block {}

    /**
     * @param data base64
     */
    record Image(String mediaType, String data) implements Block {}

    record LinkedImage(String url) implements Block {}

    record ToolUse(String id, String name, JsonNode input) implements Block {}

    record ToolResult(String id, String text) implements Block {}
  }

  /** A tool that may be called. */
  record Tool(String name, @Nullable String description, JsonNode parameters) {}

  /**
   * @throws UnsupportedChatException where a field has no place elsewhere
   */
  static Conversation of(ObjectNode question) {
    for (String field : NO_PLACE) {
      JsonNode value = question.path(field);
      if (!value.isMissingNode() && !value.isNull() && !(value.isBoolean() && !value.asBoolean())) {
        throw new UnsupportedChatException(field, "'" + field + "' is not known to this upstream.");
      }
    }
    if (question.path("n").asLong(1) != 1) {
      throw new UnsupportedChatException("n", "This upstream gives one answer at a time.");
    }
    StringBuilder instructions = new StringBuilder();
    List<Turn> turns = new ArrayList<>();
    for (JsonNode message : question.path("messages")) {
      switch (message.path("role").asText()) {
        case "system", "developer" ->
            texts(message.path("content"))
                .forEach(
                    text -> instructions.append(instructions.isEmpty() ? "" : "\n").append(text));
        case "assistant" -> add(turns, false, assistants(message));
        case "tool" ->
            add(
                turns,
                true,
                List.of(
                    new Block.ToolResult(
                        message.path("tool_call_id").asText(),
                        String.join("\n", texts(message.path("content"))))));
        default -> add(turns, true, blocks(message.path("content")));
      }
    }
    return new Conversation(instructions.toString(), turns, question);
  }

  private static void add(List<Turn> turns, boolean users, List<Block> blocks) {
    if (!turns.isEmpty() && turns.getLast().users() == users) {
      turns.getLast().blocks().addAll(blocks);
    } else {
      turns.add(new Turn(users, new ArrayList<>(blocks)));
    }
  }

  private static List<Block> assistants(JsonNode message) {
    List<Block> blocks = new ArrayList<>(blocks(message.path("content")));
    for (JsonNode call : message.path("tool_calls")) {
      JsonNode function = call.path("function");
      blocks.add(
          new Block.ToolUse(
              call.path("id").asText(),
              function.path("name").asText(),
              input(function.path("arguments").asText())));
    }
    return blocks;
  }

  private static JsonNode input(String arguments) {
    try {
      return arguments.isBlank()
          ? OpenAiForm.JSON.createObjectNode()
          : OpenAiForm.JSON.readTree(arguments);
    } catch (IOException e) {
      throw new UnsupportedChatException(
          "messages", "The arguments of a tool call are no JSON, which this upstream needs.");
    }
  }

  private static List<Block> blocks(JsonNode content) {
    if (content.isTextual()) {
      // A blank text is no block elsewhere.
      return content.textValue().isBlank()
          ? List.of()
          : List.of(new Block.Text(content.textValue()));
    }
    List<Block> blocks = new ArrayList<>();
    for (JsonNode part : content) {
      switch (part.path("type").asText()) {
        case "text" -> blocks.add(new Block.Text(part.path("text").asText()));
        case "refusal" -> blocks.add(new Block.Text(part.path("refusal").asText()));
        case "image_url" -> blocks.add(image(part.path("image_url").path("url").asText()));
        default ->
            throw new UnsupportedChatException(
                "messages",
                "Parts of type '"
                    + part.path("type").asText()
                    + "' are not known to this upstream.");
      }
    }
    return blocks;
  }

  private static Block image(String url) {
    Matcher data = DATA_URL.matcher(url);
    return data.matches()
        ? new Block.Image(data.group(1), data.group(2))
        : new Block.LinkedImage(url);
  }

  private static List<String> texts(JsonNode content) {
    List<String> texts = new ArrayList<>();
    for (Block block : blocks(content)) {
      if (block instanceof Block.Text text) {
        texts.add(text.text());
      }
    }
    return texts;
  }

  /** The tools, without those of other kinds than functions. */
  List<Tool> tools() {
    List<Tool> tools = new ArrayList<>();
    for (JsonNode tool : question.path("tools")) {
      JsonNode function = tool.path("function");
      if (function.isMissingNode()) {
        throw new UnsupportedChatException("tools", "Only functions are known to this upstream.");
      }
      tools.add(
          new Tool(
              function.path("name").asText(),
              function.path("description").textValue(),
              schema(function.path("parameters"))));
    }
    return tools;
  }

  private static JsonNode schema(JsonNode parameters) {
    return parameters.isObject()
        ? parameters
        : OpenAiForm.JSON.createObjectNode().put("type", "object");
  }

  /**
   * The schema that an answer is to follow; empty where it is free text.
   *
   * @throws UnsupportedChatException where tools are given as well
   */
  Optional<JsonNode> answerSchema() {
    JsonNode format = question.path("response_format");
    JsonNode schema =
        switch (format.path("type").asText("text")) {
          case "text" -> OpenAiForm.JSON.missingNode();
          case "json_schema" -> schema(format.path("json_schema").path("schema"));
          default -> schema(OpenAiForm.JSON.missingNode());
        };
    if (schema.isObject() && !question.path("tools").isEmpty()) {
      throw new UnsupportedChatException(
          "response_format", "This upstream gives structured answers only without tools.");
    }
    return schema.isObject() ? Optional.of(schema) : Optional.empty();
  }

  /** {@code auto}, {@code none}, {@code required}, or a function's name; empty for the default. */
  Optional<String> toolChoice() {
    JsonNode choice = question.path("tool_choice");
    String named = choice.path("function").path("name").textValue();
    return Optional.ofNullable(named != null ? named : choice.textValue());
  }

  OptionalLong mostTokens() {
    for (String field : List.of("max_completion_tokens", "max_tokens")) {
      if (question.path(field).isIntegralNumber()) {
        return OptionalLong.of(question.path(field).longValue());
      }
    }
    return OptionalLong.empty();
  }

  /** Where an answer ends. */
  List<String> stops() {
    JsonNode stop = question.path("stop");
    List<String> stops = new ArrayList<>();
    if (stop.isTextual()) {
      stops.add(stop.textValue());
    }
    stop.forEach(each -> stops.add(each.asText()));
    return stops;
  }
}
