package io.tierwise.gateway;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes request ids: UUIDs of version 7 (RFC 9562), which sort by the millisecond. */
final class RequestIds {
  private static final int IDS_AT_ONCE = 256;
  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final Clock clock;
  private final RandomGenerator random;
  private final byte[] drawn = new byte[IDS_AT_ONCE * 2 * Long.BYTES];
  private final ByteBuffer bits = ByteBuffer.wrap(drawn).position(drawn.length);

  /**
   * @param random 74 bits of each id; ids are quoted by callers, so nobody should guess them
   */
  RequestIds(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  String next() {
    long first;
    long second;
    synchronized (bits) {
      if (!bits.hasRemaining()) {
        // A secure generator takes its time for every call, and none for the bytes of one.
        random.nextBytes(drawn);
        bits.rewind();
      }
      first = bits.getLong();
      second = bits.getLong();
    }
    long high = (clock.millis() << 16) | VERSION | (first & 0x0fffL);
    long low = VARIANT | (second >>> 2);
    return new UUID(high, low).toString();
  }
}
