package io.tierwise.bench.speed;

import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.router.ledger.LedgerEntry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * How many entries a ledger has for callers' requests, and for how many requests they are. Ids are
 * told apart by their 62 drawn bits: of 20 million, two look alike in one ledger of 20,000.
 */
record LedgerCount(long entries, long requests) {
  private static final int FIRST_ROOM = 1 << 16;

  static LedgerCount of(Path ledger) {
    try (Stream<LedgerEntry> entries = LedgerReader.read(ledger)) {
      Ids ids = new Ids();
      entries
          .filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE)
          .forEachOrdered(entry -> ids.add(entry.requestId()));
      return new LedgerCount(ids.size, ids.distinct());
    }
  }

  /** Of each id its last 64 bits. */
  private static final class Ids {
    private long[] drawn = new long[FIRST_ROOM];
    private int size;

    void add(String id) {
      if (size == drawn.length) {
        drawn = Arrays.copyOf(drawn, 2 * size);
      }
      drawn[size++] = UUID.fromString(id).getLeastSignificantBits();
    }

    long distinct() {
      Arrays.sort(drawn, 0, size);
      long distinct = 0;
      for (int i = 0; i < size; i++) {
        distinct += i == 0 || drawn[i] != drawn[i - 1] ? 1 : 0;
      }
      return distinct;
    }
  }
}
