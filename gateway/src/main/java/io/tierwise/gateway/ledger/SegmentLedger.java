package io.tierwise.gateway.ledger;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
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
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
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
  private static final int DEFAULT_SEGMENT_BYTES = 64 << 20;
  private static final String LOCK = "ledger.lock";

  private final int segmentBytes;
  private final FileChannel lockChannel;
  private final Recovery recovery;
  private final ReentrantLock writing = new ReentrantLock();

  // Not a channel: one of those is closed for everyone when the thread that writes is interrupted.
  private RandomAccessFile file;
  private Path segment;
  private long length;
  private boolean torn;
  private boolean closed;

  private SegmentLedger(
      int segmentBytes, FileChannel lockChannel, Recovery recovery, RandomAccessFile file) {
    this.segmentBytes = segmentBytes;
    this.lockChannel = lockChannel;
    this.recovery = recovery;
    this.file = file;
    this.segment = recovery.segment();
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
    List<Path> segments = Segments.in(directory);
    Path last = segments.isEmpty() ? Segments.first(directory) : segments.getLast();
    RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw");
    try {
      Segments.forceDirectory(directory);
      SegmentScan.@Nullable Part torn = tail(last);
      long whole = torn == null ? file.length() : torn.offset();
      Recovery recovery = new Recovery(last, whole, file.length() - whole);
      file.setLength(whole);
      return new SegmentLedger(segmentBytes, lockChannel, recovery, file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static SegmentScan.Part.@Nullable Tail tail(Path segment) throws IOException {
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
      SegmentScan scan = new SegmentScan(channel);
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

  @Override
  public void record(LedgerEntry entry) {
    byte[] frame = RecordFormat.frame(EntryCodec.encode(entry));
    writing.lock();
    try {
      if (torn) {
        cutBack();
      }
      if (length > 0 && length + frame.length > segmentBytes) {
        startNextSegment();
      }
      append(frame);
    } catch (IOException e) {
      throw new UncheckedIOException(
          segment + ": the entry of request " + entry.requestId() + " could not be written", e);
    } finally {
      writing.unlock();
    }
  }

  private void append(byte[] frame) throws IOException {
    try {
      file.seek(length);
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
    torn = false;
  }

  private void startNextSegment() throws IOException {
    Path next = Segments.after(segment);
    RandomAccessFile fresh = new RandomAccessFile(next.toFile(), "rw");
    try {
      Segments.forceDirectory(next.resolveSibling(""));
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
      throw new UncheckedIOException(segment + ": could not be closed", e);
    } finally {
      writing.unlock();
    }
  }
}
