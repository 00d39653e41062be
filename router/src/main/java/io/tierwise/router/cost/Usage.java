package io.tierwise.router.cost;

import io.tierwise.router.Requirement;
import java.time.Duration;

/**
 * What an attempt consumed.
 *
 * @param requests calls made to what is billed; 0 where nothing was called
 * @param inputTokens tokens read, cached ones included
 * @param cachedInputTokens of these, the ones the provider had cached
 * @param outputTokens tokens written
 * @param compute time the work occupied its machine
 * @param estimated the tokens were counted here, for the provider did not report them
 */
public record Usage(
    int requests,
    long inputTokens,
    long cachedInputTokens,
    long outputTokens,
    Duration compute,
    boolean estimated) {
  public static final Usage NONE = new Usage(0, 0, 0, 0, Duration.ZERO);

  public Usage {
    Requirement.notNegative("usage.requests", requests);
    Requirement.notNegative("usage.inputTokens", inputTokens);
    Requirement.notNegative("usage.cachedInputTokens", cachedInputTokens);
    Requirement.notNegative("usage.outputTokens", outputTokens);
    Requirement.notNegative("usage.compute", compute.toNanos());
    Requirement.notNegative(
        "usage.inputTokens less cachedInputTokens", inputTokens - cachedInputTokens);
  }

  /** With tokens as reported, or none. */
  public Usage(
      int requests, long inputTokens, long cachedInputTokens, long outputTokens, Duration compute) {
    this(requests, inputTokens, cachedInputTokens, outputTokens, compute, false);
  }

  /** One call that took this long. */
  public static Usage call(Duration compute) {
    return new Usage(1, 0, 0, 0, compute);
  }

  /** One call to a model that counts tokens. */
  public static Usage tokens(long input, long output, Duration compute) {
    return new Usage(1, input, 0, output, compute);
  }

  /** The same with tokens that were counted here. */
  public Usage withEstimate(long input, long output) {
    return new Usage(requests, input, 0, output, compute, true);
  }

  /** What both consumed together. */
  public Usage plus(Usage other) {
    return new Usage(
        requests + other.requests,
        inputTokens + other.inputTokens,
        cachedInputTokens + other.cachedInputTokens,
        outputTokens + other.outputTokens,
        compute.plus(other.compute),
        estimated || other.estimated);
  }
}
