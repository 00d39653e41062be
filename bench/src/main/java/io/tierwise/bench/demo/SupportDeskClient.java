package io.tierwise.bench.demo;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponseFor;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import io.tierwise.router.cost.Money;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.TierName;
import java.util.Arrays;

/** An application: the official OpenAI client, pointed at the gateway. */
final class SupportDeskClient implements AutoCloseable {
  private final OpenAIClient client;
  private final String task;

  SupportDeskClient(String gatewayUrl, String key, String task) {
    this.client =
        OpenAIOkHttpClient.builder().baseUrl(gatewayUrl + "/v1").apiKey(key).maxRetries(0).build();
    this.task = task;
  }

  /**
   * One answer as the client sees it.
   *
   * @param nanos from the call to the decoded answer
   */
  record Reply(Label label, TierName tier, Money cost, Money saved, long nanos) {}

  Reply ask(String text) {
    ChatCompletionCreateParams question =
        ChatCompletionCreateParams.builder().model(task).addUserMessage(text).build();
    long start = System.nanoTime();
    try (HttpResponseFor<ChatCompletion> response =
        client.chat().completions().withRawResponse().create(question)) {
      String label = response.parse().choices().getFirst().message().content().orElseThrow();
      long nanos = System.nanoTime() - start;
      Headers headers = response.headers();
      return new Reply(
          new Label(label),
          tier(header(headers, "x-tierwise-tier")),
          Money.of(header(headers, "x-tierwise-cost-usd")),
          Money.of(header(headers, "x-tierwise-saved-usd")),
          nanos);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private static String header(Headers headers, String name) {
    return headers.values(name).getFirst();
  }

  private static TierName tier(String text) {
    return Arrays.stream(TierName.values())
        .filter(tier -> tier.text().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the gateway names an unknown tier: " + text));
  }
}
