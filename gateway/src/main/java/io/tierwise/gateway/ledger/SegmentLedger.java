package io.tierwise.gateway.ledger;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of one data directory, appended to by one process. When {@link #record} returns, the
 * entry is with the operating system: it survives the death of the process, and the loss of power
 * once the segment is full or the ledger is closed.
 *
 * <p>A failed write is undone: the segment is cut back to its last whole record, so that a full
 * disk costs the entries it has no room for and none after them.
 */
public final class SegmentLedger implements Ledger, AutoCloseable {
  public static final int DEFAULT_SEGMENT_BYTES = 64 << 20;

  private static final String LOCK = "ledger.lock";

  private final FileChannel lockChannel;
  private final Recovery recovery;
  private final ReentrantLock writing = new ReentrantLock();

  // Not a channel: one of those is closed for everyone when the thread that writes is interrupted.
  private RandomAccessFile file;
  private Segment segment;
  private int segmentBytes;
  private long length;
  private boolean torn;
  private boolean closed;
  private Consumer<LedgerEntry> follower = entry -> {};

  private SegmentLedger(
      int segmentBytes,
      FileChannel lockChannel,
      Segment segment,
      Recovery recovery,
      RandomAccessFile file) {
    this.segmentBytes = segmentBytes;
    this.lockChannel = lockChannel;
    this.recovery = recovery;
    this.file = file;
    this.segment = segment;
    this.length = recovery.keptBytes();
  }

  /** Opens a ledger with segments of 64 MiB. */
  public static SegmentLedger open(Path directory) {
    return open(directory, DEFAULT_SEGMENT_BYTES);
  }

  /**
   * Opens a ledger for writing and makes its last segment whole.
   *
   * @param segmentBytes a segment that has reached this size is followed by a new one
   * @throws InvalidValueException when another process writes it
   * @throws UncheckedIOException when it cannot be opened
   */
  public static SegmentLedger open(Path directory, int segmentBytes) {
    Requirement.positive("segmentBytes", segmentBytes);
    try {
      Files.createDirectories(directory);
      FileChannel lockChannel = lock(directory);
      try {
        return open(directory, segmentBytes, lockChannel);
      } catch (IOException | RuntimeException e) {
        lockChannel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger in " + directory + " cannot be opened", e);
    }
  }

  private static SegmentLedger open(Path directory, int segmentBytes, FileChannel lockChannel)
      throws IOException {
    Segment segment = toWrite(directory);
    Path last = segment.plain();
    RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw");
    try {
      Segments.forceDirectory(directory);
      SegmentScan.@Nullable Part torn = tail(last);
      long whole = torn == null ? file.length() : torn.offset();
      Recovery recovery = new Recovery(last, whole, file.length() - whole);
      file.setLength(whole);
      file.seek(whole);
      return new SegmentLedger(segmentBytes, lockChannel, segment, recovery, file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** The last, unless it has been closed and compressed and the one after it was lost. */
  private static Segment toWrite(Path directory) throws IOException {
    List<Segment> segments = Segments.in(directory);
    if (segments.isEmpty()) {
      return new Segment(directory, 1);
    }
    Segment last = segments.getLast();
    return Files.exists(last.plain()) ? last : last.next();
  }

  private static SegmentScan.Part.@Nullable Tail tail(Path segment) throws IOException {
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
      SegmentScan scan = new SegmentScan(SegmentBytes.of(channel));
      SegmentScan.@Nullable Part part = scan.next();
      while (part != null) {
        if (part instanceof SegmentScan.Part.Tail found) {
          return found;
        }
        part = scan.next();
      }
      return null;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // This process has it: as good as another one.
    }
    channel.close();
    throw new InvalidValueException(
        "data",
        "another gateway is writing the ledger in " + directory,
        "stop it, or give this one a data directory of its own");
  }

  /** What opening it found. */
  public Recovery recovery() {
    return recovery;
  }

  /** From the next record on, a segment that has reached this size is followed by a new one. */
  public void rotateAt(int bytes) {
    Requirement.positive("segmentBytes", bytes);
    writing.lock();
    try {
      segmentBytes = bytes;
    } finally {
      writing.unlock();
    }
  }

  /**
   * Reads what a start needs of the past: the entries of segments that hold any since {@code from},
   * and of the others only their summaries.
   *
   * @param entry takes every entry that is read; older ones may be among them
   * @return what the large model has used for every task in all that is kept
   */
  public Map<String, LargeUsage> history(Instant from, Consumer<LedgerEntry> entry) {
    Map<String, LargeUsage> usage = new TreeMap<>();
    try {
      for (Segment closed : closed()) {
        SegmentSummary summary = SegmentSummary.of(closed);
        UsageByTask.add(usage, summary.usage());
        if (summary.last().filter(last -> !last.isBefore(from)).isPresent()) {
          try (Stream<LedgerEntry> entries = LedgerReader.read(closed, LedgerReader::warn)) {
            entries.forEachOrdered(entry);
          }
        }
      }
      try (Stream<LedgerEntry> entries = LedgerReader.read(written(), LedgerReader::warn)) {
        UsageByTask.add(usage, UsageByTask.of(entries.peek(entry)));
      }
      return usage;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the ledger in " + written().directory() + " cannot be read", e);
    }
  }

  /**
   * Hands every entry recorded from now on to a follower, after it is written. There is one at a
   * time.
   *
   * @return what was recorded before, so that nothing is missed and nothing counted twice
   */
  public LedgerPast follow(Consumer<LedgerEntry> next) {
    writing.lock();
    try {
      follower = next;
      List<Segment> before =
          Segments.in(segment.directory()).stream()
              .filter(each -> each.compareTo(segment) < 0)
              .toList();
      return new LedgerPast(before, segment, length);
    } catch (IOException e) {
      throw new UncheckedIOException("the ledger in " + segment.directory() + " cannot be read", e);
    } finally {
      writing.unlock();
    }
  }

  /** Hands every entry recorded from now on to another one as well, after it is written. */
  public void tell(Consumer<LedgerEntry> other) {
    writing.lock();
    try {
      follower = follower.andThen(other);
    } finally {
      writing.unlock();
    }
  }

  /**
   * Removes closed segments whose last entry is older than {@code retention}, and compresses the
   * others if asked to. May run beside {@link #record}; not beside itself.
   *
   * @throws UncheckedIOException when a file cannot be read or written; the ledger is as readable
   *     as before, and the next call goes on
   */
  public void tend(boolean compress, Duration retention, Instant now) {
    try {
      LedgerCare.remove(closed(), retention, now);
      if (compress) {
        LedgerCare.compress(closed());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("old segments of the ledger could not be tended", e);
    }
  }

  private List<Segment> closed() throws IOException {
    Segment open = written();
    return Segments.in(open.directory()).stream().filter(each -> each.compareTo(open) < 0).toList();
  }

  private Segment written() {
    writing.lock();
    try {
      return segment;
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void record(LedgerEntry entry) {
    byte[] frame = RecordFormat.frame(EntryCodec.encode(entry));
    written(entry, frame).accept(entry);
  }

  /** Who follows is known under the lock, so that no entry falls between two. */
  private Consumer<LedgerEntry> written(LedgerEntry entry, byte[] frame) {
    writing.lock();
    try {
      if (torn) {
        cutBack();
      }
      if (length > 0 && length + frame.length > segmentBytes) {
        startNextSegment();
      }
      append(frame);
      return follower;
    } catch (IOException e) {
      throw new UncheckedIOException(
          segment.plain() + ": the entry of request " + entry.requestId() + " could not be written",
          e);
    } finally {
      writing.unlock();
    }
  }

  private void append(byte[] frame) throws IOException {
    try {
      file.write(frame);
      length += frame.length;
    } catch (IOException e) {
      torn = true;
      try {
        cutBack();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /** Removes what a failed write left behind; if that fails too, the next write tries again. */
  private void cutBack() throws IOException {
    file.setLength(length);
    file.seek(length);
    torn = false;
  }

  private void startNextSegment() throws IOException {
    Segment next = segment.next();
    RandomAccessFile fresh = new RandomAccessFile(next.plain().toFile(), "rw");
    try {
      Segments.forceDirectory(next.directory());
      file.getFD().sync();
      file.close();
    } catch (IOException e) {
      fresh.close();
      throw e;
    }
    file = fresh;
    segment = next;
    length = 0;
  }

  /** Makes what was written survive the loss of power, and lets another process write. */
  @Override
  public void close() {
    writing.lock();
    try {
      if (!closed) {
        closed = true;
        RandomAccessFile open = file;
        try (lockChannel;
            open) {
          open.getFD().sync();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(segment.plain() + ": could not be closed", e);
    } finally {
      writing.unlock();
    }
  }
}
