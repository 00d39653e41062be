package io.tierwise.router.request;

import io.tierwise.router.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One request, as every dialect decodes it. */
public sealed interface InferenceRequest {
  RequestContext context();

  Task task();

  /** Size of what is asked, in bytes; the basis of usage estimates. */
  int bytes();

  /** One input to be given one of the task's labels. */
  record Classify(RequestContext context, Task.Classification task, Input input)
      implements InferenceRequest {
    @Override
    public int bytes() {
      return input.bytes();
    }
  }

  /** A conversation to be continued. */
  record Chat(RequestContext context, Task.Chat task, List<Turn> turns)
      implements InferenceRequest {
    public Chat {
      turns = List.copyOf(turns);
      if (turns.isEmpty()) {
        throw new InvalidValueException("turns", "there are none", "send at least one message");
      }
    }

    @Override
    public int bytes() {
      return turns.stream()
          .mapToInt(turn -> turn.text().getBytes(StandardCharsets.UTF_8).length)
          .sum();
    }

    /** One message of a conversation; an assistant's may be empty. */
    public record Turn(String role, String text) {}
  }
}
