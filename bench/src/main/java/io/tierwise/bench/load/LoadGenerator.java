package io.tierwise.bench.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Sends requests on many connections from one thread, and allocates next to nothing while it does.
 * With a rate, the answer's time counts from when its request was due and not from when it could be
 * sent, so that a server which stops for a moment does not hide the requests it kept waiting.
 */
final class LoadGenerator {
  private static final int LARGEST_ANSWER = 16 * 1024;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LONGEST_DRAIN_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long ONE_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  /** A thread cannot be woken much finer, and an answer is seen that much late at most. */
  private static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

  private final Turn turn;
  private final List<byte[]> requests;
  private final Histogram whole = new Histogram(LONGEST_NANOS, 3);
  private final Histogram firstByte = new Histogram(LONGEST_NANOS, 3);
  private final Histogram refusals = new Histogram(LONGEST_NANOS, 3);
  private final Histogram refusalsOfSent = new Histogram(LONGEST_NANOS, 3);
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private int next;
  private long failures;
  private int open;

  private LoadGenerator(Turn turn, List<byte[]> requests) {
    this.turn = turn;
    this.requests = requests;
  }

  /** A connection with what has come of its answer. */
  private static final class Connection {
    private final SocketChannel channel;
    private final ByteBuffer come = ByteBuffer.allocate(LARGEST_ANSWER);
    private final AnswerScan scan = new AnswerScan();
    private long due;
    private long sent;
    private boolean begun;

    Connection(SocketChannel channel) {
      this.channel = channel;
    }
  }

  /**
   * @throws IOException when not even one connection can be opened
   */
  static Measured run(Turn turn) throws IOException {
    return new LoadGenerator(turn, RequestFile.read(turn.requests())).run();
  }

  private Measured run() throws IOException {
    try (Selector selector = Selector.open()) {
      try {
        connect(selector);
        return load(selector);
      } finally {
        for (SelectionKey key : selector.keys()) {
          key.channel().close();
        }
      }
    }
  }

  private void connect(Selector selector) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(turn.target().getHost(), turn.target().getPort());
    for (int i = 0; i < turn.connections(); i++) {
      SocketChannel channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      Connection connection = new Connection(channel);
      channel.register(selector, SelectionKey.OP_READ, connection);
      idle.add(connection);
      open++;
    }
  }

  private Measured load(Selector selector) throws IOException {
    long begin = System.nanoTime();
    long end = begin + turn.length().toNanos();
    double interval = turn.rate() == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / turn.rate();
    long sent = 0;
    long now = begin;
    while (now < end && open > 0) {
      long due = begin + (long) (sent * interval);
      while (!idle.isEmpty() && due <= now) {
        send(idle.remove(), interval == 0 ? now : due);
        sent++;
        due = begin + (long) (sent * interval);
      }
      await(selector, Math.min(end, idle.isEmpty() ? Long.MAX_VALUE : due) - now);
      selector.selectedKeys().clear();
      now = System.nanoTime();
    }
    double seconds = (now - begin) / (double) TimeUnit.SECONDS.toNanos(1);
    double perSecond = whole.getTotalCount() / seconds;
    long late = interval == 0 ? 0 : Math.max(0, (long) ((now - begin) / interval) - sent);
    drain(selector);
    long unanswered = sent - whole.getTotalCount() - refusals.getTotalCount();
    return Measured.of(
        new Measured.Times(whole, firstByte, refusals, refusalsOfSent),
        new Measured.Sent(sent, failures, late, unanswered),
        perSecond);
  }

  /** What is under way when the turn ends belongs to it: the slow ones above all. */
  private void drain(Selector selector) throws IOException {
    long end = System.nanoTime() + LONGEST_DRAIN_NANOS;
    while (idle.size() < open && System.nanoTime() < end) {
      selector.select(this::read, 1);
      selector.selectedKeys().clear();
    }
  }

  /** The selector knows milliseconds; shorter waits are naps between looks. */
  private void await(Selector selector, long nanos) throws IOException {
    if (nanos >= ONE_MILLI) {
      selector.select(this::read, TimeUnit.NANOSECONDS.toMillis(nanos));
      return;
    }
    if (selector.selectNow(this::read) == 0 && nanos > 0) {
      LockSupport.parkNanos(Math.min(nanos, NAP_NANOS));
    }
  }

  private void send(Connection connection, long due) {
    connection.due = due;
    connection.sent = System.nanoTime();
    connection.begun = false;
    connection.come.clear();
    connection.scan.clear();
    ByteBuffer request = ByteBuffer.wrap(requests.get(next));
    next = next + 1 == requests.size() ? 0 : next + 1;
    try {
      while (request.hasRemaining()) {
        connection.channel.write(request);
      }
    } catch (IOException e) {
      lose(connection);
    }
  }

  private void read(SelectionKey key) {
    Connection connection = (Connection) key.attachment();
    try {
      if (connection.channel.read(connection.come) < 0) {
        lose(connection);
        return;
      }
    } catch (IOException e) {
      lose(connection);
      return;
    }
    boolean ended = connection.scan.whole(connection.come);
    if (!connection.begun && connection.scan.hasBody(connection.come)) {
      connection.begun = true;
      firstByte.recordValue(since(connection.due));
    }
    if (ended) {
      if (connection.scan.ok()) {
        whole.recordValue(since(connection.due));
      } else {
        failures++;
        refusals.recordValue(since(connection.due));
        refusalsOfSent.recordValue(since(connection.sent));
      }
      idle.add(connection);
    } else if (!connection.come.hasRemaining()) {
      lose(connection);
    }
  }

  private static long since(long begin) {
    return Math.min(LONGEST_NANOS, System.nanoTime() - begin);
  }

  private void lose(Connection connection) {
    failures++;
    open--;
    try {
      connection.channel.close();
    } catch (IOException e) {
      // It is lost either way, and has been counted.
      return;
    }
  }
}
