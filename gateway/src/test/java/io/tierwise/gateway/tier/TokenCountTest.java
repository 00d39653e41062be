package io.tierwise.gateway.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.router.cost.Usage;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenCountTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Usage CALLED = Usage.call(Duration.ofMillis(3));

  /** The example of OpenAI's cookbook. */
  private static final String COOKBOOK =
      """
      {"model": "any", "messages": [
        {"role": "system", "content": "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."},
        {"role": "system", "name": "example_user", "content": "New synergies will help drive top-line growth."},
        {"role": "system", "name": "example_assistant", "content": "Things working well together will increase revenue."},
        {"role": "system", "name": "example_user", "content": "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."},
        {"role": "system", "name": "example_assistant", "content": "Let's talk later when we're less busy about how to do better."},
        {"role": "user", "content": "This late pivot means we don't have time to boil the ocean for the client deliverable."}]}
      """;

  /**
   * OpenAI's API counts 129 and 124; four of these are for having a name, which none of ours has.
   */
  @ParameterizedTest
  @CsvSource({"gpt-4, 125", "gpt-4o, 120", "a-model-of-their-own, 120"})
  void countsAConversationAsItsProviderDoes(String model, int tokens) throws IOException {
    Usage usage =
        TokenCount.estimate(
            model,
            json(COOKBOOK),
            json("{\"choices\": [{\"message\": {\"content\": \"hello world\"}}]}"),
            CALLED);
    assertEquals(new Usage(1, tokens, 0, 2, Duration.ofMillis(3), true), usage);
  }

  @Test
  void countsAllTextsOfWhatIsNoConversation() throws IOException {
    assertEquals(
        new Usage(1, 2, 0, 2, Duration.ofMillis(3), true),
        TokenCount.estimate(
            "x",
            json("{\"inputs\": [\"hello world\", 7]}"),
            json("[{\"label\": \"hello world\", \"score\": 0.9}]"),
            CALLED));
  }

  private static JsonNode json(String text) throws IOException {
    return JSON.readTree(text);
  }
}
