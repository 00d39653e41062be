package io.tierwise.router.tier;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;

/** What one tier made of one request. Every attempt is charged for its usage. */
public sealed interface Attempt {
  Usage usage();

  /** The same outcome, charged for this usage instead of its own. */
  Attempt withUsage(Usage usage);

  /**
   * A candidate answer.
   *
   * @param version what made it: the artifact's or endpoint's version
   * @param largeUsage for an answer that came from the large model, what it took then; {@link
   *     Usage#NONE} when that is not known
   * @param shared the answer is of a call that another, concurrent request made and is charged for
   */
  record Proposed(
      Answer answer,
      Confidence confidence,
      Usage usage,
      String version,
      Usage largeUsage,
      boolean shared)
      implements Attempt {
    public Proposed(
        Answer answer, Confidence confidence, Usage usage, String version, Usage largeUsage) {
      this(answer, confidence, usage, version, largeUsage, false);
    }

    public Proposed(Answer answer, Confidence confidence, Usage usage, String version) {
      this(answer, confidence, usage, version, Usage.NONE);
    }

    @Override
    public Proposed withUsage(Usage usage) {
      return new Proposed(answer, confidence, usage, version, largeUsage, shared);
    }

    /** The same for another request, which takes it and is charged nothing. */
    public Proposed toShare() {
      Usage call = largeUsage.equals(Usage.NONE) ? usage : largeUsage;
      return new Proposed(answer, confidence, Usage.NONE, version, call, true);
    }
  }

  /** The tier works and has nothing to say: no cached entry, no live artifact. */
  record Missed(Usage usage) implements Attempt {
    @Override
    public Missed withUsage(Usage usage) {
      return new Missed(usage);
    }
  }

  /** The tier could not answer. */
  record Unavailable(Cause cause, String detail, Usage usage) implements Attempt {
    @Override
    public Unavailable withUsage(Usage usage) {
      return new Unavailable(cause, detail, usage);
    }
  }

  /** Why a tier was unavailable. */
  enum Cause {
    /** It did not answer in the time that it is given. */
    TIMEOUT,
    /** The caller's own deadline came first. */
    DEADLINE,
    /** The caller went away. */
    CANCELLED,
    /** It takes no more concurrent requests. */
    SATURATED,
    /** Its circuit breaker is open after recent failures. */
    BREAKER_OPEN,
    /** It refused for its own rate limit. */
    THROTTLED,
    /** It answered with an error, or the connection failed. */
    FAILED,
    /** It answered something that is no answer to the task. */
    UNUSABLE_ANSWER
  }
}
