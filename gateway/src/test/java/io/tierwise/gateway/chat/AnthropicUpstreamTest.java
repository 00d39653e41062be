package io.tierwise.gateway.chat;

import static io.tierwise.gateway.testing.ScriptedUpstream.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.config.TierwiseConfig.Protocol;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.cost.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chat whose strong model speaks Anthropic's Messages, in the shapes of its documentation. */
final class AnthropicUpstreamTest {
  private static final String ANSWER =
      """
      {"id":"msg_013Zva2CMHLNnXjNJJKqJ2EF","type":"message","role":"assistant",
       "model":"claude-sonnet-4-5","content":[{"type":"text","text":"Hi! My name is Claude."}],
       "stop_reason":"end_turn","stop_sequence":null,
       "usage":{"input_tokens":10,"cache_creation_input_tokens":20,
                "cache_read_input_tokens":70,"output_tokens":25}}
      """;
  private static final String TOOL_ANSWER =
      """
      {"id":"msg_01Aq9w938a90dw8q","type":"message","role":"assistant",
       "model":"claude-sonnet-4-5","content":[
        {"type":"text","text":"I'll check the weather."},
        {"type":"tool_use","id":"toolu_01A09q90qw90lq917835lq9","name":"get_weather",
         "input":{"location":"San Francisco, CA"}}],
       "stop_reason":"tool_use","stop_sequence":null,
       "usage":{"input_tokens":50,"output_tokens":60}}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private ChatScene scene;

  @BeforeEach
  void start() {
    scene = new ChatScene(folder, Protocol.ANTHROPIC, chat -> chat);
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  private JsonNode asked() throws IOException {
    return JSON.readTree(scene.strong().calls().getLast().body());
  }

  private static JsonNode tree(String text) throws IOException {
    return JSON.readTree(text);
  }

  @Test
  void aQuestionIsAskedInItsWordsAndItsAnswerComesBackInOpenAis() throws IOException {
    List<String> headers = new ArrayList<>();
    scene
        .strong()
        .then(exchange -> {
          headers.add(exchange.getRequestHeaders().getFirst("anthropic-version"));
          json(200, ANSWER).on(exchange);
        });
    Answer got =
        scene.gateway.post(
            """
            {"model":"auto","temperature":1.7,"max_tokens":100,"stop":"END","user":"u1","seed":3,
             "messages":[
              {"role":"system","content":"Be kind."},
              {"role":"developer","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"Hello"},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},
               {"type":"image_url","image_url":{"url":"https://example.com/a.jpg"}}]}]}
            """);
    assertEquals(
        tree(
            """
            {"model":"big-chat","max_tokens":100,"system":"Be kind.\\nBe brief.",
             "messages":[{"role":"user","content":[{"type":"text","text":"Hello"},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}},
              {"type":"image","source":{"type":"url","url":"https://example.com/a.jpg"}}]}],
             "temperature":1,"stop_sequences":["END"],"metadata":{"user_id":"u1"}}
            """),
        asked());
    assertEquals("/v1/messages", scene.strong().calls().getFirst().path());
    assertEquals(List.of("2023-06-01"), headers);
    assertEquals(
        tree(
            """
            {"id":"msg_013Zva2CMHLNnXjNJJKqJ2EF","object":"chat.completion","created":1772366400,
             "model":"big-chat","choices":[{"index":0,"message":{"role":"assistant",
              "content":"Hi! My name is Claude.","refusal":null},"logprobs":null,
              "finish_reason":"stop"}],
             "usage":{"prompt_tokens":100,"completion_tokens":25,"total_tokens":125,
              "prompt_tokens_details":{"cached_tokens":70}}}
            """),
        got.json());
    Usage usage = scene.ledger().getFirst().lines().getFirst().usage();
    assertEquals(100, usage.inputTokens());
    assertEquals(70, usage.cachedInputTokens());
    assertEquals(25, usage.outputTokens());
  }

  @Test
  void toolsAreCalledAndAnsweredInItsWords() throws IOException {
    scene.strong().then(json(200, TOOL_ANSWER));
    Answer got =
        scene.gateway.post(
            """
            {"model":"auto","parallel_tool_calls":false,"tool_choice":"required",
             "tools":[{"type":"function","function":{"name":"get_weather","description":"Weather",
              "parameters":{"type":"object","properties":{"location":{"type":"string"}}}}}],
             "messages":[{"role":"user","content":"Weather?"},
              {"role":"assistant","content":null,"tool_calls":[
               {"id":"a","type":"function","function":{"name":"get_weather",
                "arguments":"{\\"location\\":\\"Rome\\"}"}},
               {"id":"b","type":"function","function":{"name":"get_weather","arguments":""}}]},
              {"role":"tool","tool_call_id":"a","content":"sunny"},
              {"role":"tool","tool_call_id":"b","content":"unknown"},
              {"role":"user","content":"And there?"}]}
            """);
    JsonNode sent = asked();
    assertEquals(
        tree(
            """
            [{"role":"user","content":[{"type":"text","text":"Weather?"}]},
             {"role":"assistant","content":[
              {"type":"tool_use","id":"a","name":"get_weather","input":{"location":"Rome"}},
              {"type":"tool_use","id":"b","name":"get_weather","input":{}}]},
             {"role":"user","content":[
              {"type":"tool_result","tool_use_id":"a","content":"sunny"},
              {"type":"tool_result","tool_use_id":"b","content":"unknown"},
              {"type":"text","text":"And there?"}]}]
            """),
        sent.path("messages"));
    assertEquals(
        tree("{\"type\":\"any\",\"disable_parallel_tool_use\":true}"), sent.path("tool_choice"));
    assertEquals("get_weather", sent.path("tools").path(0).path("name").asText());
    assertEquals(4096, sent.path("max_tokens").asInt());
    JsonNode choice = got.json().path("choices").path(0);
    assertEquals("tool_calls", choice.path("finish_reason").asText());
    assertEquals(
        tree(
            """
            [{"id":"toolu_01A09q90qw90lq917835lq9","type":"function","function":
             {"name":"get_weather","arguments":"{\\"location\\":\\"San Francisco, CA\\"}"}}]
            """),
        choice.path("message").path("tool_calls"));
  }

  @Test
  void aStructuredAnswerIsTheInputOfAToolThatMustBeCalled() throws IOException {
    scene
        .strong()
        .then(
            json(
                200,
                """
                {"id":"m","type":"message","content":[{"type":"tool_use","id":"t",
                 "name":"structured_answer","input":{"city":"Paris"}}],"stop_reason":"tool_use",
                 "usage":{"input_tokens":1,"output_tokens":1}}
                """));
    Answer got =
        scene.gateway.post(
            """
            {"model":"auto","messages":[{"role":"user","content":"Where?"}],
             "response_format":{"type":"json_schema","json_schema":{"name":"place",
              "schema":{"type":"object","properties":{"city":{"type":"string"}}}}}}
            """);
    assertEquals(
        tree("{\"type\":\"tool\",\"name\":\"structured_answer\"}"), asked().path("tool_choice"));
    JsonNode choice = got.json().path("choices").path(0);
    assertEquals("{\"city\":\"Paris\"}", choice.path("message").path("content").textValue());
    assertEquals("stop", choice.path("finish_reason").asText());
  }

  @Test
  void whatHasNoPlaceThereIsRefusedByName() {
    Answer got = scene.askWith("auto", "hi", ",\"n\":2");
    assertEquals("400 n unsupported_parameter", got.error());
    assertEquals(
        "400 logprobs unsupported_parameter",
        scene.askWith("auto", "hi", ",\"logprobs\":true").error());
    assertTrue(scene.strong().calls().isEmpty());
    assertEquals("rejected-by-upstream", scene.ledger().getFirst().refusal());
  }

  @Test
  void itsOwnErrorsComeInOpenAisForm() {
    scene
        .strong()
        .then(
            json(
                400,
                """
                {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long"}}
                """));
    Answer got = scene.ask("auto", "hi");
    assertEquals(400, got.status());
    assertEquals("prompt is too long", got.json().path("error").path("message").asText());
    assertEquals("invalid_request_error", got.json().path("error").path("type").asText());
  }

  private static ScriptedUpstream.Act events(String events) {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream; charset=utf-8");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(events.getBytes(StandardCharsets.UTF_8));
      exchange.close();
    };
  }

  private static final String STREAM =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY","type":"message","role":"assistant","content":[],"model":"claude-sonnet-4-5","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":25,"cache_read_input_tokens":5,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      event: ping
      data: {"type":"ping"}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: content_block_start
      data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_01T1x1fJ34qAmk2tNTrN7Up6","name":"get_weather","input":{}}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\\"location\\":"}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"\\"Rome\\"}"}}

      event: content_block_stop
      data: {"type":"content_block_stop","index":1}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":15}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  private static String chunk(String delta, String rest) {
    return "data: {\"id\":\"msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY\","
        + "\"object\":\"chat.completion.chunk\",\"created\":1772366400,\"model\":\"big-chat\","
        + "\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"logprobs\":null,\"finish_reason\":"
        + rest
        + "}\n\n";
  }

  @Test
  void itsStreamComesAsChunks() {
    scene.strong().then(events(STREAM));
    Answer got = scene.askWith("auto", "hi", ",\"stream\":true");
    String usage =
        "\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":15,\"total_tokens\":45,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":5}}";
    String none = "null}]";
    assertEquals(
        chunk("{\"role\":\"assistant\",\"content\":\"\"}", none)
            + chunk("{\"content\":\"Hello\"}", none)
            + chunk(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"toolu_01T1x1fJ34qAmk2tNTrN7Up6\","
                    + "\"type\":\"function\",\"function\":{\"name\":\"get_weather\","
                    + "\"arguments\":\"\"}}]}",
                none)
            + chunk(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"location\\\":\"}}]}",
                none)
            + chunk(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Rome\\\"}\"}}]}",
                none)
            + chunk("{}", "\"tool_calls\"}]," + usage)
            + "data: [DONE]\n\n",
        got.response().body());
    Usage used = scene.ledger().getFirst().lines().getFirst().usage();
    assertEquals(30, used.inputTokens());
    assertEquals(5, used.cachedInputTokens());
    assertEquals(15, used.outputTokens());
  }

  @Test
  void anErrorInItsStreamIsPassedOn() {
    scene
        .strong()
        .then(
            events(
                STREAM.substring(0, STREAM.indexOf("event: content_block_stop"))
                    + "event: error\n"
                    + "data:"
                    + " {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n"));
    Answer got = scene.askWith("auto", "hi", ",\"stream\":true");
    assertTrue(got.response().body().contains("\"code\":\"overloaded_error\""));
    assertEquals("stream-error", scene.ledger().getFirst().refusal());
  }

  @Test
  void aStreamThatBreaksOffIsTruncated() {
    scene.strong().then(events(STREAM.substring(0, STREAM.indexOf("event: message_delta"))));
    Answer got = scene.askWith("auto", "hi", ",\"stream\":true");
    assertTrue(got.response().body().contains("\"code\":\"stream_truncated\""));
    assertEquals("stream-truncated", scene.ledger().getFirst().refusal());
  }
}
