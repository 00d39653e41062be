package io.tierwise.bench.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds the end of one HTTP/1.1 answer in the bytes that have come. One request is under way on a
 * connection at most, so an answer's end is the end of what has come.
 */
final class AnswerScan {
  private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};
  private static final int UNKNOWN = -1;
  private static final int CHUNKED = -2;

  private int body = UNKNOWN;
  private int length = UNKNOWN;
  private int searched;
  private boolean ok;

  void clear() {
    body = UNKNOWN;
    length = UNKNOWN;
    searched = 0;
    ok = false;
  }

  /**
   * @param come the answer's bytes from 0 to its position
   * @return whether the answer is whole
   */
  boolean whole(ByteBuffer come) {
    if (body == UNKNOWN) {
      readHead(come);
    }
    if (body == UNKNOWN) {
      return false;
    }
    return length == CHUNKED ? endsChunked(come) : come.position() >= body + length;
  }

  boolean hasBody(ByteBuffer come) {
    return body != UNKNOWN && come.position() > body;
  }

  /** Whether the status is 200; to be asked of a whole answer. */
  boolean ok() {
    return ok;
  }

  private void readHead(ByteBuffer come) {
    for (int i = Math.max(3, searched); i < come.position(); i++) {
      if (come.get(i) == '\n' && come.get(i - 2) == '\n') {
        body = i + 1;
        break;
      }
    }
    searched = come.position();
    if (body != UNKNOWN) {
      byte[] bytes = new byte[body];
      come.get(0, bytes);
      String head = new String(bytes, StandardCharsets.ISO_8859_1);
      ok = head.startsWith("200", 9);
      String lower = head.toLowerCase(Locale.ROOT);
      int at = lower.indexOf("\ncontent-length:");
      length =
          at < 0
              ? CHUNKED
              : Integer.parseInt(
                  lower.substring(lower.indexOf(':', at) + 1, lower.indexOf('\r', at + 1)).strip());
    }
  }

  private boolean endsChunked(ByteBuffer come) {
    int from = come.position() - LAST_CHUNK.length;
    if (from < body) {
      return false;
    }
    for (int i = 0; i < LAST_CHUNK.length; i++) {
      if (come.get(from + i) != LAST_CHUNK[i]) {
        return false;
      }
    }
    return true;
  }
}
