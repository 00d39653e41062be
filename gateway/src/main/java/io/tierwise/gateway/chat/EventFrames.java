package io.tierwise.gateway.chat;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Reads Amazon's event stream encoding ({@code application/vnd.amazon.eventstream}): frames of
 * headers and a payload, each with two checksums.
 */
final class EventFrames {
  private static final int PRELUDE = 8;
  private static final int CHECKSUM = 4;
  private static final int LARGEST = 16 << 20;
  private static final int STRING = 7;

  private final DataInputStream from;

  EventFrames(InputStream from) {
    this.from = new DataInputStream(from);
  }

  /**
   * @param headers those of text, by name
   */
  record Frame(Map<String, String> headers, String payload) {
    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /**
   * The next frame; empty at the end.
   *
   * @throws IOException where it is damaged or breaks off
   */
  Optional<Frame> next() throws IOException {
    byte[] prelude = new byte[PRELUDE];
    int first = from.read();
    if (first < 0) {
      return Optional.empty();
    }
    prelude[0] = (byte) first;
    from.readFully(prelude, 1, PRELUDE - 1);
    ByteBuffer sizes = ByteBuffer.wrap(prelude);
    int total = sizes.getInt();
    int headers = sizes.getInt();
    int rest = total - PRELUDE - CHECKSUM - CHECKSUM;
    CRC32 checksum = new CRC32();
    checksum.update(prelude);
    int stated = from.readInt();
    if (stated != (int) checksum.getValue() || total > LARGEST || headers < 0 || headers > rest) {
      throw new IOException("a frame of the stream is damaged");
    }
    checksum.update(ByteBuffer.allocate(CHECKSUM).putInt(stated).flip());
    byte[] body = from.readNBytes(rest);
    if (body.length < rest) {
      throw new EOFException("the stream broke off in a frame");
    }
    checksum.update(body);
    if (from.readInt() != (int) checksum.getValue()) {
      throw new IOException("a frame of the stream is damaged");
    }
    return Optional.of(
        new Frame(
            headers(ByteBuffer.wrap(body, 0, headers)),
            new String(body, headers, rest - headers, StandardCharsets.UTF_8)));
  }

  /** Bedrock's headers are all of text; a frame with others is none of its. */
  private static Map<String, String> headers(ByteBuffer from) throws IOException {
    Map<String, String> headers = new HashMap<>();
    while (from.hasRemaining()) {
      String name = text(from, from.get() & 0xFF);
      if (from.get() != STRING) {
        throw new IOException("a frame of the stream has a header that is no text");
      }
      headers.put(name, text(from, from.getShort() & 0xFFFF));
    }
    return headers;
  }

  private static String text(ByteBuffer from, int length) throws IOException {
    if (length > from.remaining()) {
      throw new IOException("a frame of the stream is damaged");
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
