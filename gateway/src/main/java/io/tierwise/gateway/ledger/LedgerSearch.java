package io.tierwise.gateway.ledger;

import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Finds what the ledger says of one request. Its id carries its time (UUID version 7), so only the
 * segments around that are read. One search goes at a time, so that callers cannot keep more than
 * one processor busy with them.
 */
public final class LedgerSearch {
  private static final int UUID_LENGTH = 36;
  private static final int VERSION = 7;

  /** An entry is written when its request ends, and clocks of several processes differ. */
  private static final Duration SLACK = Duration.ofHours(1);

  private final Path directory;
  private final ReentrantLock searching = new ReentrantLock();

  /**
   * @param directory of the ledger's segments
   */
  public LedgerSearch(Path directory) {
    this.directory = directory;
  }

  /**
   * The entries of a request, in the order in which they were recorded: its own, and an audit's
   * that was made within the hour. Empty for what is no request's id.
   *
   * @throws UncheckedIOException when the ledger cannot be read
   */
  public List<LedgerEntry> entries(String requestId) {
    if (!isId(requestId)) {
      return List.of();
    }
    Instant made = madeAt(requestId);
    Instant end = made.plus(SLACK);
    searching.lock();
    try {
      List<Segment> segments = around(made);
      Segment last = segments.isEmpty() ? null : segments.getLast();
      try (Stream<LedgerEntry> entries = LedgerReader.read(segments, last, LedgerReader::warn)) {
        return entries
            .takeWhile(entry -> entry.at().isBefore(end))
            .filter(entry -> entry.requestId().equals(requestId))
            .toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger in " + directory + " cannot be read", e);
    } finally {
      searching.unlock();
    }
  }

  /** From the first segment on whose entries reach into the time; the last is always among them. */
  private List<Segment> around(Instant made) throws IOException {
    List<Segment> segments = Segments.in(directory);
    List<Segment> wanted = new ArrayList<>();
    for (Segment segment : segments) {
      boolean written = segment.equals(segments.getLast());
      if (written
          || !wanted.isEmpty()
          || SegmentSummary.of(segment).last().filter(last -> !last.isBefore(made)).isPresent()) {
        wanted.add(segment);
      }
    }
    return wanted;
  }

  private static boolean isId(String requestId) {
    if (requestId.length() < UUID_LENGTH) {
      return false;
    }
    try {
      return UUID.fromString(requestId.substring(0, UUID_LENGTH)).version() == VERSION;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The first 48 bits of a UUID of version 7 are its time in milliseconds. */
  private static Instant madeAt(String requestId) {
    UUID id = UUID.fromString(requestId.substring(0, UUID_LENGTH));
    return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
  }
}
