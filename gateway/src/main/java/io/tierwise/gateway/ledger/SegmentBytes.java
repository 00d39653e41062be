package io.tierwise.gateway.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The bytes of a segment, wherever they lie. */
interface SegmentBytes extends AutoCloseable {
  long size() throws IOException;

  /** Reads some; -1 at the end. */
  int read(ByteBuffer target, long position) throws IOException;

  @Override
  void close() throws IOException;

  static SegmentBytes of(FileChannel channel) {
    return new SegmentBytes() {
      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public int read(ByteBuffer target, long position) throws IOException {
        return channel.read(target, position);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  static SegmentBytes of(byte[] content) {
    return new SegmentBytes() {
      @Override
      public long size() {
        return content.length;
      }

      @Override
      public int read(ByteBuffer target, long position) {
        int count = (int) Math.min(target.remaining(), content.length - position);
        if (count <= 0) {
          return -1;
        }
        target.put(content, (int) position, count);
        return count;
      }

      @Override
      public void close() {
        // Nothing is held open.
      }
    };
  }
}
