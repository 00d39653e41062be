package io.tierwise.cli.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.ChatConfig.ChatModel;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.contract.Contract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI client for Java, chatting through the gateway with a scripted upstream. */
class ChatClientIT {
  @TempDir private Path folder;
  private RunningGateway running;
  private OpenAIClient client;

  @BeforeEach
  void start() {
    running = new RunningGateway(folder, Setup.USUAL, ChatClientIT::withChat);
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(running.url() + "/v1")
            .apiKey(running.key())
            .maxRetries(0)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  static TierwiseConfig withChat(TierwiseConfig config) {
    ChatModel model = new ChatModel("gpu", "big");
    return new TierwiseConfig(
        config.server(),
        config.data(),
        config.budgetData(),
        config.ledger(),
        config.upstreams(),
        config.prices(),
        config.tasks(),
        config.budgets(),
        List.of(new ChatConfig("assistant", model, model, new Contract(0.05, 0.05))));
  }

  private static ChatCompletionCreateParams.Builder question(String text) {
    return ChatCompletionCreateParams.builder().model("auto").addUserMessage(text);
  }

  private static String completion(String message) {
    return """
    {"id":"c1","object":"chat.completion","created":1,"model":"big","choices":[{"index":0,
    "finish_reason":"stop","logprobs":null,"message":%s}],
    "usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}
    """
        .formatted(message);
  }

  @Test
  void callsTools() {
    running.upstream.then(
        ScriptedUpstream.json(
            200,
            completion(
                "{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"tool_calls\":[{\"id\":"
                    + "\"t1\",\"type\":\"function\",\"function\":{\"name\":\"weather\","
                    + "\"arguments\":\"{\\\"city\\\":\\\"Bern\\\"}\"}}]}")));
    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(
                question("How is the weather in Bern?")
                    .addTool(
                        ChatCompletionFunctionTool.builder()
                            .function(
                                FunctionDefinition.builder()
                                    .name("weather")
                                    .parameters(
                                        FunctionParameters.builder()
                                            .putAdditionalProperty("type", JsonValue.from("object"))
                                            .build())
                                    .build())
                            .build())
                    .build());
    var call =
        answer.choices().getFirst().message().toolCalls().orElseThrow().getFirst().asFunction();
    assertEquals("weather", call.function().name());
    assertEquals("{\"city\":\"Bern\"}", call.function().arguments());
    assertAsked("\"name\":\"weather\"");
  }

  @Test
  void asksForAnAnswerOfAForm() {
    running.upstream.then(
        ScriptedUpstream.json(
            200,
            completion("{\"role\":\"assistant\",\"content\":\"{\\\"n\\\":1}\",\"refusal\":null}")));
    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(
                question("A number")
                    .putAdditionalBodyProperty("seed", JsonValue.from(7))
                    .responseFormat(
                        ResponseFormatJsonSchema.builder()
                            .jsonSchema(
                                ResponseFormatJsonSchema.JsonSchema.builder()
                                    .name("number")
                                    .strict(true)
                                    .build())
                            .build())
                    .build());
    assertEquals("{\"n\":1}", answer.choices().getFirst().message().content().orElseThrow());
    assertEquals(13, answer.usage().orElseThrow().totalTokens());
    assertAsked("\"json_schema\":{\"name\":\"number\",\"strict\":true}");
    assertAsked("\"seed\":7");
  }

  @Test
  void streamsWithUsage() {
    running.upstream.then(
        events(
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"big\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Good \"}}]}",
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"big\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"day\"},"
                + "\"finish_reason\":\"stop\"}]}",
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"big\","
                + "\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,"
                + "\"total_tokens\":11}}"));
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(
                question("Hello")
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      List<ChatCompletionChunk> chunks = stream.stream().toList();
      assertEquals(
          "Good day",
          chunks.stream()
              .flatMap(chunk -> chunk.choices().stream())
              .flatMap(choice -> choice.delta().content().stream())
              .collect(Collectors.joining()));
      assertEquals(11, chunks.getLast().usage().orElseThrow().totalTokens());
    }
    assertEquals(2, running.ledger().getFirst().lines().getFirst().usage().outputTokens());
  }

  @Test
  void aStreamThatIsClosedIsGivenUpUpstream() throws InterruptedException {
    CountDownLatch givenUp = new CountDownLatch(1);
    running.upstream.then(exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      String event =
          "data:"
              + " {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"big\","
              + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
              + "word ".repeat(2000)
              + "\"}}]}\n\n";
      try {
        while (true) {
          exchange.getResponseBody().write(event.getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
        }
      } finally {
        givenUp.countDown();
      }
    });
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(question("Hello").build())) {
      assertEquals(1, stream.stream().limit(1).count());
    }
    givenUp.await();
    running.server().close();
    assertEquals("cancelled", running.ledger().getFirst().refusal());
  }

  @Test
  void getsErrorsAsTheyAre() {
    running.upstream.then(
        ScriptedUpstream.json(
            400,
            "{\"error\":{\"message\":\"too long\",\"type\":\"invalid_request_error\","
                + "\"param\":\"messages\",\"code\":\"context_length_exceeded\"}}"),
        ScriptedUpstream.status(500));
    BadRequestException mistake =
        assertThrows(
            BadRequestException.class,
            () -> client.chat().completions().create(question("long").build()));
    assertEquals("context_length_exceeded", mistake.code().orElseThrow());
    InternalServerException trouble =
        assertThrows(
            InternalServerException.class,
            () -> client.chat().completions().create(question("short").build()));
    assertEquals(503, trouble.statusCode());
    assertEquals("large_unavailable", trouble.code().orElseThrow());
  }

  @Test
  @SuppressWarnings("deprecation") // the client has no other way to a field that it does not know
  void keepsFieldsThatNobodyKnows() {
    running.upstream.then(
        ScriptedUpstream.json(
            200, completion("{\"role\":\"assistant\",\"content\":\"a\",\"x_new\":{\"y\":1}}")));
    ChatCompletion answer =
        client
            .chat()
            .completions()
            .create(question("b").putAdditionalBodyProperty("x_sent", JsonValue.from("s")).build());
    JsonValue kept = answer.choices().getFirst().message()._additionalProperties().get("x_new");
    assertNotNull(kept);
    assertEquals(Map.of("y", 1), kept.convert(Map.class));
    assertAsked("\"x_sent\":\"s\"");
  }

  private void assertAsked(String part) {
    String body = running.upstream.calls().getLast().body();
    assertEquals(true, body.contains(part), body);
  }

  private static ScriptedUpstream.Act events(String... chunks) {
    return exchange -> {
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      for (String chunk : chunks) {
        exchange
            .getResponseBody()
            .write(("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8));
      }
      exchange.getResponseBody().write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
      exchange.close();
    };
  }
}
