package io.tierwise.gateway.ledger;

import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    return read(directory, damage -> LOG.log(System.Logger.Level.WARNING, damage.toString()));
  }

  /**
   * The same, with each damage handed to {@code report} when the reading comes to it.
   *
   * @throws UncheckedIOException when a file cannot be read, now or later
   */
  public static Stream<LedgerEntry> read(Path directory, Consumer<Damage> report) {
    try {
      Entries entries = new Entries(Segments.in(directory), report);
      return StreamSupport.stream(
              Spliterators.spliteratorUnknownSize(
                  entries, Spliterator.ORDERED | Spliterator.NONNULL),
              false)
          .onClose(entries::close);
    } catch (IOException e) {
      throw unreadable(directory, e);
    }
  }

  private static UncheckedIOException unreadable(Path path, IOException cause) {
    return new UncheckedIOException("the ledger in " + path + " cannot be read", cause);
  }

  /** One pass over the segments, one open file at a time. */
  private static final class Entries implements Iterator<LedgerEntry> {
    private final Iterator<Path> remaining;
    private final Path last;
    private final Consumer<Damage> report;
    private @Nullable Open open;
    private @Nullable LedgerEntry next;

    private record Open(Path segment, FileChannel channel, SegmentScan scan) {}

    Entries(List<Path> segments, Consumer<Damage> report) {
      this.remaining = segments.iterator();
      this.last = segments.isEmpty() ? Path.of("") : segments.getLast();
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
        LedgerEntry entry = advance(current);
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
          LedgerEntry entry = entry(current.segment(), part);
          if (entry != null) {
            return entry;
          }
          part = current.scan().next();
        }
        return null;
      } catch (IOException e) {
        throw unreadable(current.segment(), e);
      }
    }

    private @Nullable LedgerEntry entry(Path segment, SegmentScan.Part part) {
      return switch (part) {
        case SegmentScan.Part.Whole whole -> decode(segment, whole);
        case SegmentScan.Part.Gap gap -> {
          report.accept(
              new Damage(segment, gap.offset(), gap.bytes(), "they hold no whole record"));
          yield null;
        }
        case SegmentScan.Part.Tail tail -> {
          if (!segment.equals(last)) {
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

    private static Open open(Path segment) {
      try {
        FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ);
        try {
          return new Open(segment, channel, new SegmentScan(channel));
        } catch (IOException e) {
          channel.close();
          throw e;
        }
      } catch (IOException e) {
        throw unreadable(segment, e);
      }
    }

    void close() {
      Open current = open;
      open = null;
      if (current != null) {
        try {
          current.channel().close();
        } catch (IOException e) {
          throw unreadable(current.segment(), e);
        }
      }
    }
  }
}
