package io.tierwise.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Another protocol's answer as a chat completion: whole, or chunk by chunk. A tool of the name
 * {@link #STRUCTURED} is no tool of the caller's: its input is the structured answer that was asked
 * for.
 */
final class Completion {
  /** The tool through which structured answers come. */
  static final String STRUCTURED = "structured_answer";

  private final String model;
  private final long created;
  private String id = "";
  private final StringBuilder text = new StringBuilder();
  private final ArrayNode tools = OpenAiForm.JSON.createArrayNode();
  private int toolsBegun = -1;
  private boolean structured;

  /**
   * The tokens of an answer.
   *
   * @param input all that was read, cached tokens included
   * @param cached of these, those read from the cache
   */
  record Tokens(long input, long cached, long output) {
    ObjectNode json() {
      ObjectNode usage = OpenAiForm.JSON.createObjectNode();
      usage.put("prompt_tokens", input).put("completion_tokens", output);
      usage.put("total_tokens", input + output);
      usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
      return usage;
    }
  }

  /**
   * @param created seconds since 1970
   */
  Completion(String model, long created) {
    this.model = model;
    this.created = created;
  }

  void id(String given) {
    id = given;
  }

  /** Adds a text to the whole answer. */
  void text(String piece) {
    text.append(piece);
  }

  /** Adds a call of a tool to the whole answer. */
  void tool(String callId, String name, JsonNode input) {
    if (name.equals(STRUCTURED)) {
      structured = true;
      text.append(input);
      return;
    }
    ObjectNode call = tools.addObject().put("id", callId).put("type", "function");
    call.putObject("function").put("name", name).put("arguments", input.toString());
  }

  /** The whole answer. */
  byte[] whole(String finish, Tokens tokens) {
    ObjectNode root = head("chat.completion");
    ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
    ObjectNode message = choice.putObject("message").put("role", "assistant");
    message.put("content", text.isEmpty() && !tools.isEmpty() ? null : text.toString());
    message.putNull("refusal");
    if (!tools.isEmpty()) {
      message.set("tool_calls", tools);
    }
    choice.putNull("logprobs").put("finish_reason", finish(finish));
    root.set("usage", tokens.json());
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The first chunk. */
  void begin(Consumer<String> lines) {
    ObjectNode delta = OpenAiForm.JSON.createObjectNode();
    send(delta.put("role", "assistant").put("content", ""), null, lines);
  }

  /** A chunk with a piece of text. */
  void piece(String words, Consumer<String> lines) {
    send(OpenAiForm.JSON.createObjectNode().put("content", words), null, lines);
  }

  /** The chunk that begins a call of a tool. */
  void beginTool(String callId, String name, Consumer<String> lines) {
    structured = name.equals(STRUCTURED);
    if (structured) {
      return;
    }
    toolsBegun++;
    ObjectNode delta = OpenAiForm.JSON.createObjectNode();
    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", toolsBegun);
    call.put("id", callId).put("type", "function");
    call.putObject("function").put("name", name).put("arguments", "");
    send(delta, null, lines);
  }

  /** A chunk with a piece of its arguments. */
  void arguments(String json, Consumer<String> lines) {
    if (structured) {
      piece(json, lines);
      return;
    }
    ObjectNode delta = OpenAiForm.JSON.createObjectNode();
    ObjectNode call = delta.putArray("tool_calls").addObject().put("index", toolsBegun);
    call.putObject("function").put("arguments", json);
    send(delta, null, lines);
  }

  /**
   * The last chunks.
   *
   * @param usageAsked whether the caller wants a chunk of its own for the usage
   */
  void end(String finish, @Nullable Tokens tokens, boolean usageAsked, Consumer<String> lines) {
    ObjectNode last = chunk(OpenAiForm.JSON.createObjectNode(), finish(finish));
    if (tokens != null) {
      last.set("usage", tokens.json());
    }
    event(last.toString(), lines);
    if (tokens != null && usageAsked) {
      ObjectNode usage = head("chat.completion.chunk");
      usage.putArray("choices");
      usage.set("usage", tokens.json());
      event(usage.toString(), lines);
    }
    event("[DONE]", lines);
  }

  /** An event that says that the upstream failed. */
  static void failed(String message, String code, Consumer<String> lines) {
    event(
        new String(OpenAiForm.error(message, "server_error", null, code), StandardCharsets.UTF_8),
        lines);
  }

  /** What was asked for as a structured answer ends as any other does. */
  private String finish(String finish) {
    return structured && finish.equals("tool_calls") ? "stop" : finish;
  }

  private void send(ObjectNode delta, @Nullable String finish, Consumer<String> lines) {
    event(chunk(delta, finish).toString(), lines);
  }

  private ObjectNode chunk(ObjectNode delta, @Nullable String finish) {
    ObjectNode root = head("chat.completion.chunk");
    ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs").put("finish_reason", finish);
    return root;
  }

  private ObjectNode head(String object) {
    return OpenAiForm.JSON
        .createObjectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }

  private static void event(String data, Consumer<String> lines) {
    lines.accept("data: " + data);
    lines.accept("");
  }
}
