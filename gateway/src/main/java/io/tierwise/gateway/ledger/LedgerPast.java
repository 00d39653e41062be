package io.tierwise.gateway.ledger;

import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a ledger held at one moment, to be read while it is written on. */
public final class LedgerPast {
  private final List<Segment> closed;
  private final Segment open;
  private final long length;

  /**
   * @param closed oldest first
   * @param open the one that was written to
   * @param length how long that was
   */
  LedgerPast(List<Segment> closed, Segment open, long length) {
    this.closed = List.copyOf(closed);
    this.open = open;
    this.length = length;
  }

  /** Told how many segments are read, and how many there are to read. */
  @FunctionalInterface
  public interface Pace {
    void read(int segments, int of);
  }

  /**
   * Hands over the entries, the newest segment's first. Segments that hold nothing since {@code
   * from} are left out; older entries may be among the others.
   *
   * @param enough asked before every segment; the rest is left out once it says so
   * @throws UncheckedIOException when a file cannot be read
   */
  public void read(Instant from, Consumer<LedgerEntry> entry, Pace pace, BooleanSupplier enough) {
    try {
      List<Segment> wanted = since(from);
      int read = 0;
      pace.read(read, wanted.size() + 1);
      hand(LedgerReader.read(open, length, LedgerReader::warn), entry);
      for (Segment segment : wanted.reversed()) {
        pace.read(++read, wanted.size() + 1);
        if (enough.getAsBoolean()) {
          return;
        }
        hand(LedgerReader.read(segment, LedgerReader::warn), entry);
      }
      pace.read(wanted.size() + 1, wanted.size() + 1);
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger in " + open.directory() + " cannot be read", e);
    }
  }

  private List<Segment> since(Instant from) throws IOException {
    List<Segment> wanted = new ArrayList<>();
    for (Segment segment : closed) {
      Optional<Instant> last = SegmentSummary.of(segment).last();
      if (last.isPresent() && !last.get().isBefore(from)) {
        wanted.add(segment);
      }
    }
    return wanted;
  }

  private static void hand(Stream<LedgerEntry> entries, Consumer<LedgerEntry> entry) {
    try (entries) {
      entries.forEachOrdered(entry);
    }
  }
}
