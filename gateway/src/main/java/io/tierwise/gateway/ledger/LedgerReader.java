package io.tierwise.gateway.ledger;

import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ledger, also one that a gateway is writing: all entries recorded before the reading came
 * to their segment, in the order in which they were recorded.
 *
 * <p>What cannot be read is left out and reported, never passed over in silence: all but the end of
 * the last segment, where a record may be under way.
 */
public final class LedgerReader {
  private static final System.Logger LOG = System.getLogger(LedgerReader.class.getName());

  private LedgerReader() {}

  /** Reads lazily, and logs damage as warnings. Close the stream; none where no ledger is. */
  public static Stream<LedgerEntry> read(Path directory) {
    return read(directory, LedgerReader::warn);
  }

  static void warn(Damage damage) {
    LOG.log(System.Logger.Level.WARNING, damage.toString());
  }

  /**
   * The same, with each damage handed to {@code report} when the reading comes to it.
   *
   * @throws UncheckedIOException when a file cannot be read, now or later
   */
  public static Stream<LedgerEntry> read(Path directory, Consumer<Damage> report) {
    try {
      List<Segment> segments = Segments.in(directory);
      return read(segments, segments.isEmpty() ? null : segments.getLast(), report);
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  /** Reads one closed segment. */
  static Stream<LedgerEntry> read(Segment segment, Consumer<Damage> report) {
    return read(List.of(segment), null, report);
  }

  /** Reads some segments, the last of which may have a record under way. */
  static Stream<LedgerEntry> read(
      List<Segment> segments, @Nullable Segment last, Consumer<Damage> report) {
    return stream(new Entries(segments, last, Long.MAX_VALUE, report));
  }

  /** Reads one segment up to where it ended at some moment. */
  static Stream<LedgerEntry> read(Segment segment, long length, Consumer<Damage> report) {
    return stream(new Entries(List.of(segment), null, length, report));
  }

  private static Stream<LedgerEntry> stream(Entries entries) {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(entries, Spliterator.ORDERED | Spliterator.NONNULL),
            false)
        .onClose(entries::close);
  }

  private static UncheckedIOException unreadable(Path path, IOException cause) {
    return new UncheckedIOException("the ledger in " + path + " cannot be read", cause);
  }

  /** One pass over the segments, one open file at a time. */
  private static final class Entries implements Iterator<LedgerEntry> {
    private final Iterator<Segment> remaining;
    private final @Nullable Segment last;
    private final long limit;
    private final Consumer<Damage> report;
    private int expected;
    private @Nullable Open open;
    private @Nullable LedgerEntry next;

    private record Open(Segment segment, Path file, SegmentBytes bytes, SegmentScan scan) {}

    /**
     * @param last the one that may have a record under way; null when there is none
     * @param limit how much of each is read
     */
    Entries(List<Segment> segments, @Nullable Segment last, long limit, Consumer<Damage> report) {
      this.remaining = segments.iterator();
      this.last = last;
      this.limit = limit;
      this.report = report;
    }

    @Override
    public boolean hasNext() {
      if (next == null) {
        next = advance();
      }
      return next != null;
    }

    @Override
    public LedgerEntry next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException("the ledger has no further entry");
      }
      LedgerEntry entry = next;
      next = null;
      return entry;
    }

    private @Nullable LedgerEntry advance() {
      while (open != null || remaining.hasNext()) {
        Open current = open == null ? open(remaining.next()) : open;
        open = current;
        LedgerEntry entry = current == null ? null : advance(current);
        if (entry != null) {
          return entry;
        }
        close();
      }
      return null;
    }

    private @Nullable LedgerEntry advance(Open current) {
      try {
        SegmentScan.@Nullable Part part = current.scan().next();
        while (part != null) {
          LedgerEntry entry = entry(current, part);
          if (entry != null) {
            return entry;
          }
          part = current.scan().next();
        }
        return null;
      } catch (IOException e) {
        throw unreadable(current.file(), e);
      }
    }

    private @Nullable LedgerEntry entry(Open current, SegmentScan.Part part) {
      Path segment = current.file();
      return switch (part) {
        case SegmentScan.Part.Whole whole -> decode(segment, whole);
        case SegmentScan.Part.Gap gap -> {
          report.accept(
              new Damage(segment, gap.offset(), gap.bytes(), "they hold no whole record"));
          yield null;
        }
        case SegmentScan.Part.Tail tail -> {
          if (!current.segment().equals(last)) {
            report.accept(
                new Damage(segment, tail.offset(), tail.bytes(), "they hold no whole record"));
          }
          yield null;
        }
      };
    }

    private @Nullable LedgerEntry decode(Path segment, SegmentScan.Part.Whole whole) {
      try {
        return EntryCodec.decode(whole.payload());
      } catch (UnreadableEntryException e) {
        int bytes = RecordFormat.HEADER + whole.payload().length;
        report.accept(new Damage(segment, whole.offset(), bytes, String.valueOf(e.getMessage())));
        return null;
      }
    }

    private @Nullable Open open(Segment segment) {
      if (expected > 0 && segment.number() != expected) {
        report.accept(
            new Damage(
                new Segment(segment.directory(), expected).plain(),
                0,
                0,
                "the segment is missing"));
      }
      expected = segment.number() + 1;
      try {
        Segment.@Nullable Open found = segment.open(report);
        // None is left when its time was over between the listing and now.
        return found == null
            ? null
            : new Open(segment, found.file(), found.bytes(), new SegmentScan(found.bytes(), limit));
      } catch (IOException e) {
        throw unreadable(segment.file(), e);
      }
    }

    void close() {
      Open current = open;
      open = null;
      if (current != null) {
        try {
          current.bytes().close();
        } catch (IOException e) {
          throw unreadable(current.file(), e);
        }
      }
    }
  }
}
