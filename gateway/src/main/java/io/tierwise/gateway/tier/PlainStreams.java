package io.tierwise.gateway.tier;

import io.tierwise.router.request.Cancellation;
import java.io.FilterInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Over plain HTTP/1.1, on the thread that asks, each call with a connection to itself: as {@link
 * PlainCalls} does it. A general client hands each piece of a stream between three threads.
 */
final class PlainStreams implements StreamedCalls {
  /** Far enough for who reads to look after its own time. */
  private static final long NO_HURRY = Duration.ofDays(1).toNanos();

  private final PlainConnections connections;

  PlainStreams(Endpoint endpoint) {
    this.connections =
        new PlainConnections(endpoint.base(), LONGEST_CONNECT, endpoint.destinations());
  }

  @Override
  public Answer open(
      URI target,
      byte[] body,
      Map<String, String> headers,
      Duration limit,
      Cancellation cancellation)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    byte[] request = PlainCalls.request(PlainConnections.start(target), body, headers);
    try {
      Use use = new Use(connections.take(deadline));
      cancellation.whenCancelled(use::giveUp);
      boolean begun = false;
      try {
        use.connection.send(request);
        PlainConnection.Head head = use.connection.begin(deadline);
        begun = true;
        return new Answer(head.status(), head.contentType(), new Streamed(use, head));
      } finally {
        if (!begun) {
          use.giveUp();
        }
      }
    } catch (SocketTimeoutException e) {
      throw PlainCalls.timedOut(e);
    } catch (IOException e) {
      if (cancellation.cancelled()) {
        throw cancelled(e);
      }
      if (Thread.interrupted()) {
        throw new InterruptedException("nobody waits for the call any more");
      }
      throw e;
    }
  }

  private static CancellationException cancelled(IOException cause) {
    CancellationException cancelled = new CancellationException("nobody waits for it any more");
    cancelled.initCause(cause);
    return cancelled;
  }

  /** One call's use of a connection, which ends once, whoever ends it. */
  private final class Use {
    private final PlainConnection connection;
    private final AtomicBoolean ended = new AtomicBoolean();

    Use(PlainConnection connection) {
      this.connection = connection;
    }

    void giveUp() {
      end(false);
    }

    void end(boolean reusable) {
      if (ended.compareAndSet(false, true)) {
        connections.giveBack(connection, reusable);
      }
    }
  }

  /** A body that gives its connection back when all of it has been read. */
  private static final class Streamed extends FilterInputStream {
    private final Use use;
    private final PlainConnection.Body body;

    private Streamed(Use use, PlainConnection.Body body) {
      super(body);
      this.use = use;
      this.body = body;
    }

    Streamed(Use use, PlainConnection.Head head) {
      this(use, use.connection.new Body(head, () -> System.nanoTime() + NO_HURRY));
    }

    @Override
    public int read() throws IOException {
      int read = body.read();
      giveBackAtEnd();
      return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = body.read(into, offset, length);
      giveBackAtEnd();
      return read;
    }

    private void giveBackAtEnd() {
      if (body.ended()) {
        use.end(use.connection.reusable());
      }
    }

    @Override
    public void close() {
      use.giveUp();
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
