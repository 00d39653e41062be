package io.tierwise.gateway.store;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which keys may be there: a Bloom filter of 16 bits and 4 places a key, so that of the keys that
 * are not there 2 in 1,000 are taken for known (B. Bloom, "Space/time trade-offs in hash coding
 * with allowable errors", 1970). Keys are hashes already. Thread-safe; nothing is ever forgotten.
 */
final class KnownKeys {
  private static final int BITS_EACH = 16;
  private static final int PLACES = 4;
  private static final int HEX = 16;

  private final AtomicLongArray words;
  private final long mask;

  /**
   * @param room how many keys it is for
   */
  KnownKeys(long room) {
    long bits = Long.highestOneBit(Math.clamp(room, 1 << 16, 1L << 30) * BITS_EACH * 2 - 1);
    this.words = new AtomicLongArray((int) (bits / Long.SIZE));
    this.mask = bits - 1;
  }

  /** How many keys it is for. */
  long room() {
    return (mask + 1) / BITS_EACH;
  }

  void add(String key) {
    long place = first(key);
    long step = second(key);
    for (int i = 0; i < PLACES; i++, place += step) {
      int word = word(place);
      long bit = 1L << place;
      if ((words.get(word) & bit) == 0) {
        words.accumulateAndGet(word, bit, (one, other) -> one | other);
      }
    }
  }

  boolean mayHave(String key) {
    long place = first(key);
    long step = second(key);
    for (int i = 0; i < PLACES; i++, place += step) {
      if ((words.get(word(place)) & 1L << place) == 0) {
        return false;
      }
    }
    return true;
  }

  private int word(long place) {
    return (int) ((place & mask) / Long.SIZE);
  }

  private static long first(String key) {
    return Long.parseUnsignedLong(key, 0, HEX, HEX);
  }

  private static long second(String key) {
    return Long.parseUnsignedLong(key, HEX, 2 * HEX, HEX) | 1;
  }
}
