package io.tierwise.gateway.tier;

import com.fasterxml.jackson.databind.JsonNode;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Task;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an endpoint is asked and how its reply is read. */
public sealed interface Wire permits OpenAiWire, InvocationsWire {
  /**
   * What is appended to the endpoint's base address.
   *
   * @param bare whether the base is a host alone, without a path of its own
   */
  String path(boolean bare);

  /** Whether such an input can be asked about. */
  boolean reads(Input input);

  /**
   * The body of a request for one label.
   *
   * @param input such as {@link #reads} accepts
   */
  JsonNode ask(String model, Task.Classification task, Input input);

  /** What a reply of status 200 says. */
  Reading read(Task.Classification task, JsonNode reply);

  /** Changes whenever the same input would be asked in other words. */
  String promptVersion(Task.Classification task);

  /** The wording's short name, for people; empty for the usual one. */
  String promptName(Task.Classification task);

  /** What a reply says. */
  sealed interface Reading {
    /** One of the task's labels. */
    record Labelled(Answer.Classified answer, @Nullable Tokens tokens) implements Reading {}

    /** The endpoint works, and said something else. */
    record NoLabel(String detail, @Nullable Tokens tokens) implements Reading {}

    /** The endpoint does not speak this wire's language. */
    record Malformed(String detail) implements Reading {}
  }

  /** What the endpoint says it has used. */
  record Tokens(long input, long cachedInput, long output) {
    /** Reads a {@code usage} object; empty where it does not hold both counts. */
    static Optional<Tokens> in(JsonNode usage) {
      JsonNode input = usage.path("prompt_tokens");
      JsonNode output = usage.path("completion_tokens");
      if (!count(input) || !count(output)) {
        return Optional.empty();
      }
      JsonNode cached = usage.path("prompt_tokens_details").path("cached_tokens");
      long cachedInput = count(cached) ? Math.min(cached.longValue(), input.longValue()) : 0;
      return Optional.of(new Tokens(input.longValue(), cachedInput, output.longValue()));
    }

    private static boolean count(JsonNode node) {
      return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0;
    }
  }
}
