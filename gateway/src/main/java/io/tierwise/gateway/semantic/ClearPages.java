package io.tierwise.gateway.semantic;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Pages of sealed files in the clear, in memory, up to a number of bytes. Which one makes room for
 * another is decided by a second chance (Corbató: A paging experiment with the Multics system,
 * 1968): the longest there, unless it was read since it was last in question. Thread-safe; to read
 * a page takes no lock.
 */
final class ClearPages {
  /** Bytes of a page; whole blocks of the cipher. */
  static final int SIZE = 4096;

  private final long most;
  private final Deque<Held> order = new ArrayDeque<>();

  /**
   * @param bytes the most that is held
   */
  ClearPages(long bytes) {
    this.most = Math.max(1, bytes / SIZE);
  }

  private record Held(Of file, int number) {}

  /** Those of one file. */
  static final class Of {
    private final AtomicReferenceArray<byte @Nullable []> pages;
    private final boolean[] read;
    private boolean closed;

    /**
     * @param length of the file, in bytes
     */
    Of(long length) {
      int count = Math.toIntExact((length + SIZE - 1) / SIZE);
      this.pages = new AtomicReferenceArray<>(count);
      this.read = new boolean[count];
    }

    /** A page of it; null where it is not held. */
    byte @Nullable [] get(int number) {
      byte[] page = pages.getAcquire(number);
      // Written only where it changes: it is shared by all who search.
      if (page != null && !read[number]) {
        read[number] = true;
      }
      return page;
    }
  }

  /** Holds a page of a file that is open. */
  synchronized void hold(Of file, int number, byte[] page) {
    if (file.closed || file.pages.getPlain(number) != null) {
      return;
    }
    while (order.size() >= most) {
      makeRoom();
    }
    file.read[number] = false;
    file.pages.setRelease(number, page);
    order.addLast(new Held(file, number));
  }

  private void makeRoom() {
    Held oldest = order.removeFirst();
    if (oldest.file.read[oldest.number]) {
      oldest.file.read[oldest.number] = false;
      order.addLast(oldest);
    } else {
      oldest.file.pages.setRelease(oldest.number, null);
    }
  }

  /** Lets go of a file's pages, and holds no more of them. */
  synchronized void close(Of file) {
    file.closed = true;
    order.removeIf(held -> held.file == file);
  }

  /** How many pages are held. */
  synchronized int size() {
    return order.size();
  }
}
