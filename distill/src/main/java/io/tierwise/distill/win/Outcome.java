package io.tierwise.distill.win;

import io.tierwise.router.InvalidValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A prompt that both models answered.
 *
 * @param prompt what routes: the user's first message, or all of them
 * @param turns how many messages of the user's there were
 * @param strong the strong model's score in [0, 1]: 1 for right and 0 for wrong
 * @param weak the weak model's
 * @param domain what the prompt is about; empty where nothing is said. It helps in training and is
 *     never asked for in routing
 * @param contaminated whether a router's training may have seen it, as those who collected it say
 * @param time when both had answered; null where nothing is said
 */
public record Outcome(
    String prompt,
    int turns,
    double strong,
    double weak,
    String domain,
    boolean contaminated,
    @Nullable Instant time) {
  public Outcome {
    if (prompt.isBlank()) {
      throw new InvalidValueException("prompt", "it is blank", "leave the row out");
    }
  }

  /** Whether it is known to be from after a moment. */
  public boolean isAfter(Instant moment) {
    return time != null && time.isAfter(moment);
  }

  /** How much better the strong model's answer is, in [−1, 1]. */
  double gain() {
    return strong - weak;
  }
}
