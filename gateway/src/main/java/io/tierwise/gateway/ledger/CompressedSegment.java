package io.tierwise.gateway.ledger;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;

/**
 * A segment as gzip, which any tool reads: one member for each quarter of a mebibyte, so that a
 * damaged member costs its own records and those after it are found again by the next header.
 */
final class CompressedSegment {
  private static final int MEMBER_BYTES = 1 << 18;
  private static final int TRAILER = 2 * Integer.BYTES;

  /** What Java begins every member with: gzip, deflate, no flags, no time, no system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private CompressedSegment() {}

  /**
   * Puts a closed segment's compressed form in the place of its plain one. Wherever this ends, one
   * whole form is there; what an earlier try has left is written anew.
   */
  static void replace(Segment segment) throws IOException {
    Path fresh = segment.compressed().resolveSibling(Segments.name(segment.compressed()) + ".tmp");
    write(segment.plain(), fresh);
    requireSame(segment.plain(), fresh);
    Files.move(
        fresh,
        segment.compressed(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    Segments.forceDirectory(segment.directory());
    Files.delete(segment.plain());
    Segments.forceDirectory(segment.directory());
  }

  /** Member by member: a segment is too large to be held beside the traffic. */
  private static void write(Path plain, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(plain);
        FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      OutputStream out = Channels.newOutputStream(channel);
      byte[] piece = new byte[MEMBER_BYTES];
      for (int read = in.readNBytes(piece, 0, MEMBER_BYTES);
          read > 0;
          read = in.readNBytes(piece, 0, MEMBER_BYTES)) {
        // Closed, for its native memory; what is below it stays open for the next.
        try (GZIPOutputStream member = new GZIPOutputStream(new Below(out))) {
          member.write(piece, 0, read);
        }
      }
      channel.force(true);
    }
  }

  /** A stream that stays open. */
  private static final class Below extends FilterOutputStream {
    Below(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /** Reads it back as any tool would: all members as one stream, with their checksums. */
  private static void requireSame(Path plain, Path file) throws IOException {
    byte[] one = new byte[MEMBER_BYTES];
    byte[] other = new byte[MEMBER_BYTES];
    try (InputStream written = Files.newInputStream(plain);
        InputStream packed = new BufferedInputStream(Files.newInputStream(file), MEMBER_BYTES);
        InputStream read = Files.size(file) == 0 ? packed : new GZIPInputStream(packed)) {
      int length;
      do {
        length = written.readNBytes(one, 0, MEMBER_BYTES);
        if (read.readNBytes(other, 0, MEMBER_BYTES) != length
            || !Arrays.equals(one, 0, length, other, 0, length)) {
          throw new IOException(file + ": what was written does not read back the same");
        }
      } while (length > 0);
    }
  }

  /** The plain content, as far as it can be had; each member that is not whole is reported. */
  static byte[] read(Path file, Consumer<Damage> report) throws IOException {
    byte[] packed = Files.readAllBytes(file);
    ByteArrayOutputStream content = new ByteArrayOutputStream(4 * packed.length);
    int at = 0;
    while (at < packed.length) {
      int end = headerAt(packed, at) ? member(packed, at, content) : -1;
      if (end < 0) {
        end = nextHeader(packed, at + 1);
        report.accept(new Damage(file, at, end - at, "it cannot be decompressed"));
      }
      at = end;
    }
    return content.toByteArray();
  }

  /**
   * Adds a member's content, or what there is of it.
   *
   * @return where the next begins; -1 when this one is not whole
   */
  private static int member(byte[] packed, int start, ByteArrayOutputStream content) {
    CRC32 checksum = new CRC32();
    byte[] piece = new byte[1 << 16];
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(packed, start + HEADER.length, packed.length - start - HEADER.length);
      while (!inflater.finished()) {
        int count = inflater.inflate(piece);
        if (count == 0 && !inflater.finished()) {
          return -1;
        }
        checksum.update(piece, 0, count);
        // Kept before the checksum is known: every record has its own.
        content.write(piece, 0, count);
      }
      int trailer = start + HEADER.length + (int) inflater.getBytesRead();
      boolean whole =
          packed.length - trailer >= TRAILER
              && little(packed, trailer) == (int) checksum.getValue()
              && little(packed, trailer + Integer.BYTES) == (int) inflater.getBytesWritten();
      return whole ? trailer + TRAILER : -1;
    } catch (DataFormatException e) {
      return -1;
    }
  }

  private static int little(byte[] packed, int at) {
    return ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  private static int nextHeader(byte[] packed, int from) {
    int at = from;
    while (at < packed.length && !headerAt(packed, at)) {
      at++;
    }
    return at;
  }

  private static boolean headerAt(byte[] packed, int at) {
    return packed.length - at >= HEADER.length
        && Arrays.equals(packed, at, at + HEADER.length, HEADER, 0, HEADER.length);
  }
}
