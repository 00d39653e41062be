package io.tierwise.gateway.tier;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import io.tierwise.router.tier.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The large model, behind its guards. A call that failed is made again after a pause of 100 ms,
 * doubled every time and drawn between half and all of it, or after what the endpoint asks for;
 * never beyond the request's deadline, and never more often than the retry budget allows.
 *
 * <p>The usage of an attempt is that of all its calls: a failed call is a call made.
 */
public final class LargeTier implements Tier {
  private static final System.Logger LOG = System.getLogger(LargeTier.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final LargeClient client;
  private final Resilience resilience;
  private final Wire wire;
  private final boolean tokensPriced;
  private final Surroundings surroundings;
  private volatile @Nullable Versioned versioned;

  /** What made the answers to a task's questions. */
  private record Versioned(Task.Classification task, String version) {}

  /**
   * @param resilience shared by all tiers that ask this endpoint
   * @param wire how this task is asked
   * @param tokensPriced whether the price is per token: then they are counted where an answer does
   *     not say how many it took
   */
  public LargeTier(
      LargeClient client,
      Resilience resilience,
      Wire wire,
      boolean tokensPriced,
      Surroundings surroundings) {
    this.client = client;
    this.resilience = resilience;
    this.wire = wire;
    this.tokensPriced = tokensPriced;
    this.surroundings = surroundings;
  }

  @Override
  public Attempt attempt(InferenceRequest request) {
    return switch (request) {
      case InferenceRequest.Chat chat -> notOffered("it answers tasks with labels only");
      case InferenceRequest.Classify classify ->
          wire.reads(classify.input())
              ? ask(classify.task(), classify.input(), classify.context().deadline())
              : notOffered("it reads text only");
    };
  }

  private static Attempt notOffered(String detail) {
    return new Attempt.Unavailable(Cause.FAILED, detail, Usage.NONE);
  }

  private Attempt ask(Task.Classification task, Input input, Instant deadline) {
    resilience.earn();
    Usage used = Usage.NONE;
    for (int call = 0; ; call++) {
      Duration left = Duration.between(surroundings.clock().instant(), deadline);
      if (!left.isPositive()) {
        return new Attempt.Unavailable(Cause.DEADLINE, "the deadline has passed", used);
      }
      LargeReply reply = resilience.guard(() -> client.ask(wire, task, input, left, tokensPriced));
      used = used.plus(reply.usage());
      switch (reply) {
        case LargeReply.Answered answered -> {
          return proposed(task, answered, used);
        }
        case LargeReply.Trouble trouble -> {
          Optional<Duration> wait = pauseBefore(trouble, call, deadline);
          if (wait.isEmpty() || !paused(wait.get())) {
            return unavailable(trouble, used);
          }
        }
      }
    }
  }

  private Attempt unavailable(LargeReply.Trouble trouble, Usage used) {
    // What was refused before it was called is told by the breaker's and the metrics' own words.
    if (used.requests() > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "upstream {0} gave no answer: {1}",
          client.endpoint().name(),
          trouble.detail());
    }
    return new Attempt.Unavailable(trouble.cause(), trouble.detail(), used);
  }

  private Attempt proposed(Task.Classification task, LargeReply.Answered answered, Usage used) {
    return new Attempt.Proposed(
        answered.answer(), Confidence.FULL, used, version(task), answered.usage());
  }

  /** A prompt's name is a digest of it, so it is remembered for the task that is asked about. */
  private String version(Task.Classification task) {
    Versioned known = versioned;
    if (known == null || !known.task().equals(task)) {
      String prompt = wire.promptName(task);
      String endpoint = client.endpoint().fullVersion();
      known = new Versioned(task, prompt.isEmpty() ? endpoint : endpoint + "+" + prompt);
      versioned = known;
    }
    return known.version();
  }

  /** How long to wait before the next call; empty when there is to be none. */
  private Optional<Duration> pauseBefore(LargeReply.Trouble trouble, int call, Instant deadline) {
    if (!trouble.again() || call >= client.endpoint().retries()) {
      return Optional.empty();
    }
    Duration backoff = FIRST_PAUSE.multipliedBy(1L << Math.min(call, 10));
    double share = 0.5 + surroundings.random().nextDouble() / 2;
    Duration drawn = Duration.ofNanos((long) (backoff.toNanos() * share));
    Duration wait = longer(drawn, trouble.pauseAskedFor().orElse(Duration.ZERO));
    boolean inTime = surroundings.clock().instant().plus(wait).isBefore(deadline);
    return inTime && resilience.spendRetry() ? Optional.of(wait) : Optional.empty();
  }

  private boolean paused(Duration wait) {
    try {
      surroundings.pause().pause(wait);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
