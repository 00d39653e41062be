package io.tierwise.student.feature;

/**
 * MurmurHash3, the 32-bit x86 variant (A. Appleby, public domain). Its values are part of every
 * published artifact: they must never change.
 */
final class Murmur3 {
  private Murmur3() {}

  /** Hash of {@code bytes[from, to)}. */
  static int hash(byte[] bytes, int from, int to, int seed) {
    int hash = seed;
    int at = from;
    for (; at + 4 <= to; at += 4) {
      int block =
          (bytes[at] & 0xff)
              | (bytes[at + 1] & 0xff) << 8
              | (bytes[at + 2] & 0xff) << 16
              | bytes[at + 3] << 24;
      hash = Integer.rotateLeft(hash ^ scramble(block), 13) * 5 + 0xe6546b64;
    }
    int tail = 0;
    for (int i = to - 1; i >= at; i--) {
      tail = (tail << 8) | (bytes[i] & 0xff);
    }
    return avalanche(hash ^ scramble(tail) ^ (to - from));
  }

  private static int scramble(int block) {
    return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
  }

  private static int avalanche(int value) {
    int hash = value;
    hash = (hash ^ hash >>> 16) * 0x85ebca6b;
    hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
    return hash ^ hash >>> 16;
  }
}
