package io.tierwise.gateway.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Walks through one segment as long as it was when the walk began, however long its writer has made
 * it since. Where bytes are no record, it looks for the next whole one: a record whose length or
 * content was damaged costs that record and none after it.
 */
final class SegmentScan {
  private static final int WINDOW = 1 << 18;

  private final SegmentBytes bytes;
  private final long limit;
  private long offset;
  private long windowStart;
  private ByteBuffer window = ByteBuffer.allocate(0);

  /** What lies at an offset of the segment. */
  sealed interface Part {
    long offset();

    /** A record whose checksum is right. */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    record Whole(long offset, byte[] payload) implements Part {}

    /** Bytes that are no record, before a whole one. */
    record Gap(long offset, long bytes) implements Part {}

    /** Bytes that are no record, up to the end. */
    record Tail(long offset, long bytes) implements Part {}
  }

  SegmentScan(SegmentBytes bytes) throws IOException {
    this(bytes, Long.MAX_VALUE);
  }

  /**
   * @param limit what lies behind it is not looked at
   */
  SegmentScan(SegmentBytes bytes, long limit) throws IOException {
    this.bytes = bytes;
    this.limit = Math.min(bytes.size(), limit);
  }

  /** Where the next part begins; after the last, where the segment ends. */
  long offset() {
    return offset;
  }

  /** The next part; null at the end. */
  @Nullable Part next() throws IOException {
    if (offset == limit) {
      return null;
    }
    long start = offset;
    byte[] payload = payloadAt(start);
    if (payload != null) {
      offset = start + RecordFormat.HEADER + payload.length;
      return new Part.Whole(start, payload);
    }
    for (long candidate = start + 1; candidate < limit; candidate++) {
      if (payloadAt(candidate) != null) {
        offset = candidate;
        return new Part.Gap(start, candidate - start);
      }
    }
    offset = limit;
    return new Part.Tail(start, limit - start);
  }

  /** The payload of the whole record that begins here; null when none does. */
  private byte @Nullable [] payloadAt(long at) throws IOException {
    if (limit - at < RecordFormat.HEADER || !covered(at, RecordFormat.HEADER)) {
      return null;
    }
    int length = window.getInt((int) (at - windowStart));
    if (!RecordFormat.plausible(length) || limit - at - RecordFormat.HEADER < length) {
      return null;
    }
    if (!covered(at, RecordFormat.HEADER + length)) {
      return null;
    }
    int position = (int) (at - windowStart);
    int checksum = window.getInt(position + Integer.BYTES);
    byte[] payload = new byte[length];
    window.get(position + RecordFormat.HEADER, payload);
    return RecordFormat.checksum(payload) == checksum ? payload : null;
  }

  /** Whether the window holds these bytes, after reading them if need be. */
  private boolean covered(long at, int length) throws IOException {
    if (at >= windowStart && at + length <= windowStart + window.limit()) {
      return true;
    }
    ByteBuffer fresh = ByteBuffer.allocate((int) Math.min(Math.max(WINDOW, length), limit - at));
    long position = at;
    while (fresh.hasRemaining()) {
      int read = bytes.read(fresh, position);
      if (read < 0) {
        break; // its writer has cut off what it could not finish
      }
      position += read;
    }
    window = fresh.flip();
    windowStart = at;
    return window.limit() >= length;
  }
}
