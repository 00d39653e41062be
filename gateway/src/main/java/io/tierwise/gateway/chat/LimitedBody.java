package io.tierwise.gateway.chat;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An answer that ends with an error where it is longer than any should be. */
final class LimitedBody extends FilterInputStream {
  private long left;

  LimitedBody(InputStream body, long mostBytes) {
    super(body);
    this.left = mostBytes;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    count(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    count(Math.max(0, read));
    return read;
  }

  private void count(int bytes) throws IOException {
    left -= bytes;
    if (left < 0) {
      throw new IOException("the answer is too long");
    }
  }
}
