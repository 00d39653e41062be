package io.tierwise.cli.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI client for Java. */
class OpenAiJavaClientIT {
  @TempDir private Path folder;
  private RunningGateway running;
  private OpenAIClient client;
  private final Exchange exchange = new Exchange();

  @BeforeEach
  void start() {
    running = new RunningGateway(folder, Setup.USUAL);
    running.upstream.echoing();
    client = client(running.key());
  }

  @AfterEach
  void stop() {
    client.close();
    running.close();
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(running.url() + "/v1")
        .apiKey(key)
        .maxRetries(0)
        .build();
  }

  private static ChatCompletionCreateParams.Builder question(String text) {
    return ChatCompletionCreateParams.builder().model("support").addUserMessage(text);
  }

  @Test
  void getsLabelsStreamsAndErrorsAsFromOpenAi() throws IOException {
    List<String> models = client.models().list().data().stream().map(model -> model.id()).toList();
    assertEquals(List.of("support"), models);
    exchange.add("models().list()", models);

    ChatCompletion plain = client.chat().completions().create(question("refund").build());
    assertEquals("refund", plain.choices().getFirst().message().content().orElseThrow());
    assertEquals(21, plain.usage().orElseThrow().totalTokens());
    exchange.add(
        "plain",
        "refund, " + plain.usage().orElseThrow().totalTokens() + " tokens, by " + plain.model());

    ChatCompletion distribution =
        client
            .chat()
            .completions()
            .create(question("delivery").logprobs(true).topLogprobs(3).build());
    var token =
        distribution
            .choices()
            .getFirst()
            .logprobs()
            .orElseThrow()
            .content()
            .orElseThrow()
            .getFirst();
    assertEquals("delivery", token.token());
    assertEquals("delivery", token.topLogprobs().getFirst().token());
    exchange.add(
        "logprobs",
        token.topLogprobs().stream().map(each -> each.token() + " " + each.logprob()).toList());

    streamed();

    OpenAIClient stranger = client("tw_nobody_nothing");
    told(
        "401",
        assertThrows(
            UnauthorizedException.class,
            () -> stranger.chat().completions().create(question("refund").build())),
        "invalid_api_key");
    stranger.close();
    told(
        "400",
        assertThrows(
            BadRequestException.class,
            () -> client.chat().completions().create(question("refund").n(2).build())),
        "unsupported_value");
    told(
        "404",
        assertThrows(
            NotFoundException.class,
            () -> client.chat().completions().create(question("refund").model("gpt-4o").build())),
        "model_not_found");
    told(
        "503",
        assertThrows(
            InternalServerException.class,
            () -> client.chat().completions().create(question("no label").build())),
        "large_unavailable");
    told(
        "503, streamed",
        assertThrows(InternalServerException.class, () -> readStream(question("none").build())),
        "large_unavailable");
    exchange.show("exchange-java");
  }

  private void streamed() {
    ChatCompletionCreateParams params =
        question("refund")
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    List<ChatCompletionChunk> chunks = readStream(params);
    StringBuilder text = new StringBuilder();
    for (ChatCompletionChunk chunk : chunks) {
      chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
    }
    assertEquals("refund", text.toString());
    assertTrue(chunks.getLast().choices().isEmpty());
    assertTrue(chunks.getLast().usage().isPresent());
    exchange.add("streamed with usage", chunks.size() + " chunks: " + text);
  }

  private List<ChatCompletionChunk> readStream(ChatCompletionCreateParams params) {
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params)) {
      return stream.stream().toList();
    }
  }

  private void told(String what, OpenAIServiceException refused, String code) {
    assertEquals(code, refused.code().orElseThrow());
    exchange.add(what, refused.getClass().getSimpleName() + " " + refused.getMessage());
  }
}
