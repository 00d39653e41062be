package io.tierwise.gateway.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes a stream on and remembers it, as long as it is not larger than what is to be kept. */
final class StreamCopy extends OutputStream {
  private final OutputStream out;
  private final int mostBytes;
  private @Nullable ByteArrayOutputStream copy;

  /**
   * @param mostBytes to remember; 0 for nothing at all
   */
  StreamCopy(OutputStream out, int mostBytes) {
    this.out = out;
    this.mostBytes = mostBytes;
    this.copy = mostBytes == 0 ? null : new ByteArrayOutputStream();
  }

  @Override
  public void write(int oneByte) throws IOException {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
    ByteArrayOutputStream kept = copy;
    if (kept == null) {
      return;
    }
    if (kept.size() + (long) length > mostBytes) {
      copy = null;
    } else {
      kept.write(bytes, from, length);
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /** All that was passed on and what is still to follow it; empty where it was too large. */
  Optional<byte[]> before(String last) {
    ByteArrayOutputStream kept = copy;
    if (kept == null) {
      return Optional.empty();
    }
    kept.writeBytes(last.getBytes(UTF_8));
    return Optional.of(kept.toByteArray());
  }
}
