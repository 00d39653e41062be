package io.tierwise.gateway.tier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One connection of plain HTTP/1.1, of which one call at a time has the use. */
final class PlainConnection {
  private static final int BUFFER_BYTES = 8 * 1024;
  private static final int LARGEST_HEAD_BYTES = 64 * 1024;
  private static final int SHORTEST_STATUS_LINE = "HTTP/1.1 200".length();
  private static final int NONE_READ = -1;
  private static final long UNTIL_THE_END = -1;

  private final SocketChannel channel;
  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;
  private int head;
  private boolean reusable;
  private long restsSince;

  /**
   * What the headers of an answer say.
   *
   * @param length of its body; {@link #UNTIL_THE_END} where nothing says it
   */
  record Head(
      int status,
      long length,
      boolean chunked,
      boolean keep,
      String contentType,
      @Nullable String retryAfter) {}

  private PlainConnection(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.in = channel.socket().getInputStream();
  }

  /**
   * @throws SocketTimeoutException when it takes longer than so many nanoseconds
   */
  static PlainConnection open(InetSocketAddress address, long nanos) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(address, millis(nanos));
      return new PlainConnection(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static int millis(long nanos) throws SocketTimeoutException {
    if (nanos <= 0) {
      throw new SocketTimeoutException("no time is left");
    }
    // 0 would be for ever.
    return Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos + 999_999), 1, Integer.MAX_VALUE);
  }

  /** Whether nothing has come while it rested: neither its end nor words out of turn. */
  boolean alive() {
    try {
      channel.configureBlocking(false);
      int come = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return come == 0;
    } catch (IOException e) {
      return false;
    }
  }

  void send(byte[] request) throws IOException {
    reusable = false;
    ByteBuffer bytes = ByteBuffer.wrap(request);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /**
   * The headers of the answer to what was sent.
   *
   * @throws SocketTimeoutException when they have not come at the deadline
   * @throws IOException when it breaks off or is not HTTP
   */
  Head begin(long deadline) throws IOException {
    from = 0;
    to = 0;
    Head answer = head(deadline);
    while (answer.status() >= 100 && answer.status() < 200) {
      answer = head(deadline);
    }
    return answer;
  }

  /**
   * All of the answer.
   *
   * @throws SocketTimeoutException when it has not come at the deadline
   * @throws IOException when it breaks off, is not HTTP, or is too large
   */
  UpstreamCalls.Reply receive(long deadline) throws IOException {
    Head answer = begin(deadline);
    // One that says too much is read as far as it may go: it may be late before it is too large.
    byte[] body =
        new Body(answer, () -> deadline).readNBytes(UpstreamCalls.LARGEST_REPLY_BYTES + 1);
    if (body.length > UpstreamCalls.LARGEST_REPLY_BYTES) {
      throw new IOException("the answer has more than 8 MiB");
    }
    return new UpstreamCalls.Reply(answer.status(), body, answer.retryAfter());
  }

  private Head head(long deadline) throws IOException {
    head = 0;
    String first = line(deadline);
    if (first.length() < SHORTEST_STATUS_LINE || !first.startsWith("HTTP/1.")) {
      throw new IOException("the answer is not HTTP");
    }
    int status = (int) number(first.substring(9, 12), 10);
    boolean keep = first.startsWith("HTTP/1.1");
    long length = UNTIL_THE_END;
    boolean chunked = false;
    String contentType = "application/json";
    String retryAfter = null;
    for (String line = line(deadline); !line.isEmpty(); line = line(deadline)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("the answer has a header without a name");
      }
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "content-length" -> length = number(value, 10);
        case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
        case "connection" -> keep = !value.equalsIgnoreCase("close");
        case "content-type" -> contentType = value;
        case "retry-after" -> retryAfter = value;
        default -> {}
      }
    }
    return new Head(status, length, chunked, keep, contentType, retryAfter);
  }

  /**
   * An answer's body as it comes. After its end the connection may be fit for another call; not
   * thread-safe but for closing the connection.
   */
  final class Body extends InputStream {
    private final Head answer;
    private final LongSupplier deadline;

    /** Bytes of the chunk, or of all of it, that have not been read. */
    private long left;

    private boolean begun;
    private boolean ended;

    /**
     * @param deadline until when each read may wait, on the clock of {@link System#nanoTime}
     */
    Body(Head answer, LongSupplier deadline) {
      this.answer = answer;
      this.deadline = deadline;
      boolean none = answer.status() == 204 || answer.status() == 304;
      this.left = none || answer.chunked() ? 0 : answer.length();
      if (none || (left == 0 && !answer.chunked())) {
        end();
      }
    }

    boolean ended() {
      return ended;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) == NONE_READ ? NONE_READ : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!ended && left == 0) {
        nextChunk();
      }
      if (ended || !filled()) {
        return NONE_READ;
      }
      int part = Math.min(to - from, length);
      part = left == UNTIL_THE_END ? part : (int) Math.min(part, left);
      System.arraycopy(buffer, from, into, offset, part);
      from += part;
      if (left != UNTIL_THE_END) {
        left -= part;
        if (left == 0 && !answer.chunked()) {
          end();
        }
      }
      return part;
    }

    /** False at the end of one that ends with its connection. */
    private boolean filled() throws IOException {
      try {
        fill(deadline.getAsLong());
        return true;
      } catch (EOFException e) {
        if (left != UNTIL_THE_END) {
          throw e;
        }
        ended = true;
        return false;
      }
    }

    private void nextChunk() throws IOException {
      if (begun && !line(deadline.getAsLong()).isEmpty()) {
        throw new IOException("a chunk of the answer is longer than it says");
      }
      begun = true;
      head = 0;
      String size = line(deadline.getAsLong());
      int extension = size.indexOf(';');
      left = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
      if (left == 0) {
        while (!line(deadline.getAsLong()).isEmpty()) {
          // Trailers say nothing that is asked for.
        }
        end();
      }
    }

    private void end() {
      ended = true;
      reusable = answer.keep() && from == to;
    }
  }

  private String line(long deadline) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      fill(deadline);
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      line.append(new String(buffer, from, end - from, ISO_8859_1));
      head += end - from + 1;
      if (head > LARGEST_HEAD_BYTES) {
        throw new IOException("the answer's head is too large");
      }
      boolean whole = end < to;
      from = whole ? end + 1 : end;
      if (whole) {
        int length = line.length();
        boolean returned = length > 0 && line.charAt(length - 1) == '\r';
        return returned ? line.substring(0, length - 1) : line.toString();
      }
    }
  }

  private static long number(String digits, int radix) throws IOException {
    try {
      long number = Long.parseLong(digits, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("the answer is framed wrongly: '" + digits + "'", e);
    }
    throw new IOException("the answer is framed wrongly: '" + digits + "'");
  }

  /** Makes sure that at least one byte is in the buffer. */
  private void fill(long deadline) throws IOException {
    if (from < to) {
      return;
    }
    channel.socket().setSoTimeout(millis(deadline - System.nanoTime()));
    int read = in.read(buffer, 0, buffer.length);
    if (read < 0) {
      throw new EOFException("the answer broke off");
    }
    from = 0;
    to = read;
  }

  /** Whether the answer that came last leaves it fit for another. */
  boolean reusable() {
    return reusable;
  }

  void rest() {
    restsSince = System.nanoTime();
  }

  long restsSince() {
    return restsSince;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is given up either way.
      return;
    }
  }
}
