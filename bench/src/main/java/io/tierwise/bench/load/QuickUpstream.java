package io.tierwise.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.bench.load.Faults.Fault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A large model that always says the same, on one thread, so that what stands before it is the
 * limit and not it. It speaks OpenAI's chat completions, whole or as a stream of 8 chunks 5 ms
 * apart. Under {@code /after/MILLIS} the answer, or its first chunk, takes that long. A share of
 * its answers may be made to go wrong.
 */
final class QuickUpstream {
  private static final int LARGEST_REQUEST = 64 * 1024;
  private static final int CHUNKS = 8;
  private static final long BETWEEN_CHUNKS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LATE = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int BEYOND_LENGTH = 10;
  private static final Pattern AFTER = Pattern.compile("post /after/([0-9]{1,6})/");
  private static final Pattern LENGTH = Pattern.compile("\ncontent-length: *([0-9]{1,9})\r");

  private final Faults faults;
  private final String completion;
  private final ByteBuffer answer;
  private final byte[] streamHead;
  private final byte[] chunk;
  private final byte[] streamEnd;
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();

  /** A caller with what has come of its request. */
  private static final class Caller {
    private final SocketChannel channel;
    private final ByteBuffer come = ByteBuffer.allocate(LARGEST_REQUEST);

    Caller(SocketChannel channel) {
      this.channel = channel;
    }
  }

  /** Something to be sent later: the whole answer, or a chunk of a stream. */
  private record Waiting(long at, Caller caller, boolean stream, int sent)
      implements Comparable<Waiting> {
    @Override
    public int compareTo(Waiting other) {
      return Long.compare(at, other.at);
    }
  }

  QuickUpstream(String label, Faults faults) {
    this.faults = faults;
    this.completion =
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"quick","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],"usage":{"prompt_tokens":40,"completion_tokens":2,"total_tokens":42}}\
        """
            .formatted(label);
    this.answer = whole("200 OK", completion.length(), completion);
    this.streamHead =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
            .getBytes(UTF_8);
    this.chunk =
        chunked(
            """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"quick","choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}

            """);
    this.streamEnd =
        join(
            chunked(
                """
                data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"quick","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":40,"completion_tokens":8,"total_tokens":48}}

                data: [DONE]

                """),
            "0\r\n\r\n".getBytes(UTF_8));
  }

  /** All words are in ASCII. */
  private static ByteBuffer whole(String status, int length, String body) {
    return ByteBuffer.wrap(
        ("HTTP/1.1 "
                + status
                + "\r\ncontent-type: application/json\r\ncontent-length: "
                + length
                + "\r\n\r\n"
                + body)
            .getBytes(UTF_8));
  }

  private static byte[] chunked(String data) {
    return (Integer.toHexString(data.getBytes(UTF_8).length) + "\r\n" + data + "\r\n")
        .getBytes(UTF_8);
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] both = new byte[one.length + other.length];
    System.arraycopy(one, 0, both, 0, one.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  /** Serves until the process ends; says on standard output where. */
  void serve() throws IOException {
    try (Selector selector = Selector.open();
        ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      System.out.println("listening on http://127.0.0.1:" + server.socket().getLocalPort());
      while (server.isOpen()) {
        Waiting first = waiting.peek();
        long nanos = first == null ? Long.MAX_VALUE : first.at() - System.nanoTime();
        if (nanos <= 0) {
          send(waiting.remove());
        } else {
          long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
          selector.select(this::ready, first == null ? 0 : millis);
          selector.selectedKeys().clear();
        }
      }
    }
  }

  private void ready(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept(key);
      } else {
        read((Caller) key.attachment());
      }
    } catch (IOException e) {
      close(key.attachment());
    }
  }

  private static void accept(SelectionKey key) throws IOException {
    SocketChannel channel = ((ServerSocketChannel) key.channel()).accept();
    if (channel != null) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(key.selector(), SelectionKey.OP_READ, new Caller(channel));
    }
  }

  private void read(Caller caller) throws IOException {
    if (caller.channel.read(caller.come) < 0) {
      caller.channel.close();
      return;
    }
    int head = headEnd(caller.come);
    if (head < 0) {
      return;
    }
    String words = words(caller.come, 0, head).toLowerCase(Locale.ROOT);
    Matcher length = LENGTH.matcher(words);
    int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
    if (caller.come.position() < head + body) {
      return;
    }
    boolean stream = words(caller.come, head, body).contains("\"stream\":true");
    caller.come.clear();
    Matcher after = AFTER.matcher(words);
    long wait = after.lookingAt() ? Long.parseLong(after.group(1)) : 0;
    long at = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait);
    Waiting due = new Waiting(at, caller, stream, 0);
    Fault fault = faults.draw();
    if (fault != null) {
      goWrong(fault, due);
    } else if (wait == 0) {
      send(due);
    } else {
      waiting.add(due);
    }
  }

  private void goWrong(Fault fault, Waiting due) throws IOException {
    Caller caller = due.caller();
    switch (fault) {
      case LATE -> waiting.add(new Waiting(due.at() + LATE, caller, due.stream(), 0));
      case ERROR -> write(caller, whole("500 Internal Server Error", 2, "{}"));
      case BUSY -> write(caller, whole("429 Too Many Requests\r\nretry-after: 1", 2, "{}"));
      case RESET -> {
        caller.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        caller.channel.close();
      }
      case TRUNCATED -> {
        ByteBuffer half = answer.duplicate();
        write(caller, half.limit(half.limit() - completion.length() / 2));
        caller.channel.close();
      }
      case WRONG_LENGTH ->
          write(caller, whole("200 OK", completion.length() - BEYOND_LENGTH, completion));
      case GARBAGE -> write(caller, whole("200 OK", 6, "<html>"));
      case SILENT -> {}
    }
  }

  private static String words(ByteBuffer come, int from, int length) {
    byte[] bytes = new byte[length];
    come.get(from, bytes);
    return new String(bytes, ISO_8859_1);
  }

  private static int headEnd(ByteBuffer come) {
    for (int i = 3; i < come.position(); i++) {
      if (come.get(i) == '\n' && come.get(i - 2) == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private void send(Waiting due) {
    try {
      if (!due.stream()) {
        write(due.caller(), answer.duplicate());
      } else if (due.sent() == CHUNKS) {
        write(due.caller(), ByteBuffer.wrap(streamEnd));
      } else {
        write(due.caller(), ByteBuffer.wrap(due.sent() == 0 ? join(streamHead, chunk) : chunk));
        waiting.add(new Waiting(due.at() + BETWEEN_CHUNKS, due.caller(), true, due.sent() + 1));
      }
    } catch (IOException e) {
      close(due.caller());
    }
  }

  private static void write(Caller caller, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      caller.channel.write(bytes);
    }
  }

  private static void close(@Nullable Object attachment) {
    if (attachment instanceof Caller caller) {
      try {
        caller.channel.close();
      } catch (IOException e) {
        // The caller is gone already.
        return;
      }
    }
  }
}
