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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chat whose strong model speaks Bedrock's Converse, in the shapes of its documentation. */
final class BedrockUpstreamTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private ChatScene scene;

  @BeforeEach
  void start() {
    scene = new ChatScene(folder, Protocol.BEDROCK, chat -> chat);
  }

  @AfterEach
  void stop() {
    scene.close();
  }

  private static JsonNode tree(String text) throws IOException {
    return JSON.readTree(text);
  }

  @Test
  void aQuestionIsAskedInItsWordsAndItsAnswerComesBackInOpenAis() throws IOException {
    scene
        .strong()
        .then(
            json(
                200,
                """
                {"metrics":{"latencyMs":1275},"output":{"message":{"content":[
                  {"text":"Here is a list."},
                  {"toolUse":{"toolUseId":"tooluse_kZJMlvQmRJ6eAyJE5GIl7Q","name":"top_song",
                   "input":{"sign":"WZPZ"}}}],"role":"assistant"}},
                 "stopReason":"tool_use",
                 "usage":{"cacheReadInputTokens":40,"cacheWriteInputTokens":10,"inputTokens":125,
                  "outputTokens":60,"totalTokens":235}}
                """));
    Answer got =
        scene.gateway.post(
            """
            {"model":"auto","temperature":0.5,"top_p":0.9,"max_completion_tokens":50,
             "stop":["A","B"],"tool_choice":{"type":"function","function":{"name":"top_song"}},
             "tools":[{"type":"function","function":{"name":"top_song","description":"Top song",
              "parameters":{"type":"object"}}}],
             "messages":[{"role":"system","content":"You play songs."},
              {"role":"user","content":[{"type":"text","text":"Play"},
               {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,AA=="}}]},
              {"role":"assistant","content":"Which?","tool_calls":[{"id":"t1","type":"function",
               "function":{"name":"top_song","arguments":"{\\"sign\\":\\"X\\"}"}}]},
              {"role":"tool","tool_call_id":"t1","content":"Elemental Hotel"}]}
            """);
    assertEquals(
        tree(
            """
            {"system":[{"text":"You play songs."}],
             "messages":[
              {"role":"user","content":[{"text":"Play"},
               {"image":{"format":"jpeg","source":{"bytes":"AA=="}}}]},
              {"role":"assistant","content":[{"text":"Which?"},
               {"toolUse":{"toolUseId":"t1","name":"top_song","input":{"sign":"X"}}}]},
              {"role":"user","content":[{"toolResult":{"toolUseId":"t1",
               "content":[{"text":"Elemental Hotel"}]}}]}],
             "inferenceConfig":{"maxTokens":50,"temperature":0.5,"topP":0.9,
              "stopSequences":["A","B"]},
             "toolConfig":{"tools":[{"toolSpec":{"name":"top_song","description":"Top song",
               "inputSchema":{"json":{"type":"object"}}}}],
              "toolChoice":{"tool":{"name":"top_song"}}}}
            """),
        tree(scene.strong().calls().getFirst().body()));
    assertEquals("/model/big-chat/converse", scene.strong().calls().getFirst().path());
    JsonNode choice = got.json().path("choices").path(0);
    assertEquals("tool_calls", choice.path("finish_reason").asText());
    assertEquals("Here is a list.", choice.path("message").path("content").asText());
    assertEquals(
        "{\"sign\":\"WZPZ\"}",
        choice
            .path("message")
            .path("tool_calls")
            .path(0)
            .path("function")
            .path("arguments")
            .asText());
    Usage usage = scene.ledger().getFirst().lines().getFirst().usage();
    assertEquals(175, usage.inputTokens());
    assertEquals(40, usage.cachedInputTokens());
    assertEquals(60, usage.outputTokens());
  }

  @Test
  void itsOwnErrorsComeInOpenAisForm() {
    scene.strong().then(json(400, "{\"message\":\"The model ID is invalid.\"}"));
    Answer got = scene.ask("auto", "hi");
    assertEquals(400, got.status());
    assertEquals("The model ID is invalid.", got.json().path("error").path("message").asText());
  }

  @Test
  void aLinkedImageIsRefusedByName() {
    Answer got =
        scene.gateway.post(
            """
            {"model":"auto","messages":[{"role":"user","content":[
             {"type":"image_url","image_url":{"url":"https://example.com/a.jpg"}}]}]}
            """);
    assertEquals("400 messages unsupported_parameter", got.error());
  }

  /** A frame of Amazon's event stream encoding. */
  private static byte[] frame(Map<String, String> headers, String payload) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    new TreeMap<>(headers)
        .forEach((name, value) -> {
          byte[] text = value.getBytes(StandardCharsets.UTF_8);
          head.write(name.length());
          head.writeBytes(name.getBytes(StandardCharsets.UTF_8));
          head.write(7);
          head.write(text.length >> 8);
          head.write(text.length);
          head.writeBytes(text);
        });
    byte[] body = payload.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[16 + head.size() + body.length];
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    frame.putInt(bytes.length).putInt(head.size());
    frame.putInt(checksum(bytes, frame.position()));
    frame.put(head.toByteArray()).put(body);
    frame.putInt(checksum(bytes, frame.position()));
    return bytes;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  private static byte[] event(String type, String payload) {
    return frame(
        Map.of(":message-type", "event", ":event-type", type, ":content-type", "application/json"),
        payload);
  }

  private static ScriptedUpstream.Act frames(byte[]... frames) {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "application/vnd.amazon.eventstream");
      exchange.sendResponseHeaders(200, 0);
      for (byte[] frame : frames) {
        exchange.getResponseBody().write(frame);
        exchange.getResponseBody().flush();
      }
      exchange.close();
    };
  }

  private static final byte[] START =
      event("messageStart", "{\"role\":\"assistant\",\"p\":\"abc\"}");
  private static final byte[] HELLO =
      event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hello\"}}");

  @Test
  void itsStreamComesAsChunks() {
    scene
        .strong()
        .then(
            frames(
                START,
                HELLO,
                event("contentBlockStop", "{\"contentBlockIndex\":0}"),
                event(
                    "contentBlockStart",
                    "{\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"name\":\"top_song\","
                        + "\"toolUseId\":\"tooluse_1\"}}}"),
                event(
                    "contentBlockDelta",
                    "{\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"{}\"}}}"),
                event("messageStop", "{\"stopReason\":\"tool_use\"}"),
                event(
                    "metadata",
                    "{\"metrics\":{\"latencyMs\":1},\"usage\":{\"inputTokens\":47,\"outputTokens\":20,"
                        + "\"totalTokens\":67}}")));
    Answer got =
        scene.askWith("auto", "hi", ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    assertEquals("/model/big-chat/converse-stream", scene.strong().calls().getFirst().path());
    String[] events = got.response().body().split("\n\n", -1);
    assertTrue(events[1].contains("\"delta\":{\"content\":\"Hello\"}"), events[1]);
    assertTrue(events[2].contains("\"id\":\"tooluse_1\""), events[2]);
    assertTrue(events[3].contains("\"arguments\":\"{}\""), events[3]);
    assertTrue(events[4].contains("\"finish_reason\":\"tool_calls\""), events[4]);
    assertTrue(events[5].contains("\"choices\":[],\"usage\":{\"prompt_tokens\":47"), events[5]);
    assertEquals("data: [DONE]", events[6]);
    Usage usage = scene.ledger().getFirst().lines().getFirst().usage();
    assertEquals(47, usage.inputTokens());
    assertEquals(20, usage.outputTokens());
  }

  @Test
  void anExceptionInItsStreamIsPassedOn() {
    scene
        .strong()
        .then(
            frames(
                START,
                HELLO,
                frame(
                    Map.of(":message-type", "exception", ":exception-type", "throttlingException"),
                    "{\"message\":\"Too many tokens\"}")));
    Answer got = scene.askWith("auto", "hi", ",\"stream\":true");
    assertTrue(got.response().body().contains("\"code\":\"throttlingException\""));
    assertEquals("stream-error", scene.ledger().getFirst().refusal());
  }

  @Test
  void aDamagedFrameEndsTheStreamAsTruncated() {
    byte[] damaged = HELLO.clone();
    damaged[damaged.length - 6] ^= 1;
    scene.strong().then(frames(START, damaged));
    Answer got = scene.askWith("auto", "hi", ",\"stream\":true");
    assertTrue(got.response().body().contains("\"code\":\"stream_truncated\""));
    assertEquals("stream-truncated", scene.ledger().getFirst().refusal());
  }
}
