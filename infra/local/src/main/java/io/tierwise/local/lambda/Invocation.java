package io.tierwise.local.lambda;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * One event on its way through a sandbox.
 *
 * @param answer completed once: by the runtime, by the clock, or by the process's end
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record Invocation(String id, byte[] event, Instant deadline, CompletableFuture<Answer> answer) {
  /** What a runtime reports. */
  record Answer(byte[] payload, boolean failed) {}
}
