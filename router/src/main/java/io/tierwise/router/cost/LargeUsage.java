package io.tierwise.router.cost;

import java.time.Duration;

/**
 * What a request would take of the large model, estimated from the requests it has answered: tokens
 * in proportion to the input's bytes, output and time as their mean. A pure fold, so the ledger
 * restores it. Before the first answer: four bytes a token and one token out.
 */
public record LargeUsage(
    long answers, long bytes, long inputTokens, long outputTokens, long computeNanos) {
  public static final LargeUsage UNKNOWN = new LargeUsage(0, 0, 0, 0, 0);
  private static final int BYTES_PER_TOKEN = 4;

  public LargeUsage observe(int requestBytes, Usage usage) {
    return new LargeUsage(
        answers + 1,
        bytes + requestBytes,
        inputTokens + usage.inputTokens(),
        outputTokens + usage.outputTokens(),
        computeNanos + usage.compute().toNanos());
  }

  /** The expected usage of one request of this many bytes. */
  public Usage estimate(int requestBytes) {
    if (answers == 0) {
      return Usage.tokens(Math.ceilDiv(requestBytes, BYTES_PER_TOKEN), 1, Duration.ZERO);
    }
    long input = Math.round((double) inputTokens * requestBytes / Math.max(1, bytes));
    long output = Math.round((double) outputTokens / answers);
    return Usage.tokens(input, output, Duration.ofNanos(computeNanos / answers));
  }
}
