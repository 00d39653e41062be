package io.tierwise.local.lambda;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of an invocation.
 *
 * @param payload the function's answer, or the error's description
 * @param functionError {@code Unhandled} when the function failed; null when it answered
 * @param initialised how long a sandbox took to start for it; null when a warm one took it
 * @param took from the handing over to the answer
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record Outcome(
    byte[] payload,
    @Nullable String functionError,
    @Nullable Duration initialised,
    Duration took) {}
