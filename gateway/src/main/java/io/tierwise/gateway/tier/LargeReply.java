package io.tierwise.gateway.tier;

import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.tier.Attempt;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one call to a large model came to. */
sealed interface LargeReply {
  Usage usage();

  /** One of the task's labels. */
  record Answered(Answer.Classified answer, Usage usage) implements LargeReply {}

  /**
   * No answer.
   *
   * @param blame whose fault it was, for the breaker
   * @param again whether the same call may succeed when it is made again
   * @param notBefore how long the endpoint asks to be left alone; null when it does not say
   */
  record Trouble(
      Attempt.Cause cause,
      String detail,
      Blame blame,
      boolean again,
      @Nullable Duration notBefore,
      Usage usage)
      implements LargeReply {
    Optional<Duration> pauseAskedFor() {
      return Optional.ofNullable(notBefore);
    }
  }

  /** Whose fault a trouble is. */
  enum Blame {
    /** The endpoint's: the breaker counts it. */
    ENDPOINT,
    /** This request's: the endpoint is well. */
    REQUEST,
    /** Nobody's: a limit was met, which says nothing about the endpoint's health. */
    LIMIT
  }
}
