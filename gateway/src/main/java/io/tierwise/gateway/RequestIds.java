package io.tierwise.gateway;

import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes request ids: UUIDs of version 7 (RFC 9562), which sort by the millisecond. */
final class RequestIds {
  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final Clock clock;
  private final RandomGenerator random;

  /**
   * @param random 74 bits of each id; ids are quoted by callers, so nobody should guess them
   */
  RequestIds(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  String next() {
    long high = (clock.millis() << 16) | VERSION | (random.nextLong() & 0x0fffL);
    long low = VARIANT | (random.nextLong() >>> 2);
    return new UUID(high, low).toString();
  }
}
