package io.tierwise.gateway.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.tierwise.router.request.Cancellation;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices callers that go away while they are waited upon, and calls their requests off.
 *
 * <p>A socket only tells by being read from, which the server does not while it answers. So the
 * connections of requests that take longer than a moment are read ahead of ({@link ReadAhead}).
 */
final class CallerWatch implements ServerConnectionSelector, AutoCloseable {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final Http1ConnectionSelector http =
      Http1ConnectionSelector.builder().config(Http1Config.create()).build();
  private final Map<String, Line> lines = new ConcurrentHashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;

  CallerWatch() {
    this.thread = Thread.ofVirtual().name("caller-watch").start(this::run);
  }

  /** A connection, and the request on it that is waited for. */
  private static final class Line {
    private final ReadAhead bytes;
    private @Nullable Cancellation waiting;
    private int looks;

    Line(ReadAhead bytes) {
      this.bytes = bytes;
    }

    synchronized void begin(Cancellation cancellation) {
      waiting = cancellation;
      looks = 0;
    }

    synchronized void end() {
      waiting = null;
    }

    /** The first look finds the request under way, the second that it takes its time. */
    synchronized void look() {
      if (waiting == null) {
        return;
      }
      looks++;
      if (looks == 2) {
        bytes.begin(waiting::cancel);
      }
    }
  }

  /** From now until {@link #end} the caller only waits: its body has been read. */
  void begin(ServerRequest request, Cancellation cancellation) {
    Line line = lines.get(request.socketId());
    if (line != null) {
      line.begin(cancellation);
    }
  }

  void end(ServerRequest request) {
    Line line = lines.get(request.socketId());
    if (line != null) {
      line.end();
    }
  }

  private void run() {
    try {
      while (!end.await(BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS)) {
        lines.values().forEach(Line::look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    ReadAhead bytes = new ReadAhead(context.dataReader());
    lines.put(context.childSocketId(), new Line(bytes));
    ServerConnection connection = http.connection(new WatchedContext(context, bytes));
    return new Watched(connection, context.childSocketId());
  }

  /** A connection that is forgotten when it ends. */
  private final class Watched implements ServerConnection, InterruptableTask<Void> {
    private final ServerConnection connection;
    private final String id;

    Watched(ServerConnection connection, String id) {
      this.connection = connection;
      this.id = id;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      try {
        connection.handle(limit);
      } finally {
        lines.remove(id);
      }
    }

    /** Asked at the end: one that waits for its next request need not be waited for. */
    @Override
    public boolean canInterrupt() {
      return connection instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    @Override
    public Duration idleTime() {
      return connection.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      connection.close(interrupt);
    }
  }

  @Override
  public void close() {
    end.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
