package io.tierwise.gateway.tier;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/** Connections of plain HTTP/1.1 to one host, kept between calls. Thread-safe. */
final class PlainConnections implements AutoCloseable {
  private static final int USUAL_PORT = 80;

  /** Servers close what rests longer, many after five seconds. */
  private static final long LONGEST_IDLE = TimeUnit.SECONDS.toNanos(4);

  private final URI target;
  private final Duration connectTimeout;
  private final Destinations destinations;
  private final Deque<PlainConnection> idle = new ConcurrentLinkedDeque<>();
  private final Set<PlainConnection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param target only its host and port count
   */
  PlainConnections(URI target, Duration connectTimeout, Destinations destinations) {
    this.target = target;
    this.connectTimeout = connectTimeout;
    this.destinations = destinations;
  }

  /**
   * The one used last, as long as the endpoint has not closed it; else a new one.
   *
   * @param deadline on the clock of {@link System#nanoTime}
   * @throws java.net.SocketTimeoutException when it takes longer
   */
  PlainConnection take(long deadline) throws IOException {
    for (PlainConnection found = idle.pollFirst(); found != null; found = idle.pollFirst()) {
      if (System.nanoTime() - found.restsSince() < LONGEST_IDLE && found.alive()) {
        return found;
      }
      giveBack(found, false);
    }
    int port = target.getPort() < 0 ? USUAL_PORT : target.getPort();
    InetSocketAddress address = new InetSocketAddress(destinations.resolve(target.getHost()), port);
    long left = Math.min(connectTimeout.toNanos(), deadline - System.nanoTime());
    PlainConnection connection = PlainConnection.open(address, left);
    open.add(connection);
    return connection;
  }

  /**
   * @param reusable whether another call may have it; it is closed else
   */
  void giveBack(PlainConnection connection, boolean reusable) {
    if (reusable && !closed) {
      connection.rest();
      idle.addFirst(connection);
    } else {
      open.remove(connection);
      connection.close();
    }
  }

  /** The lines that every request to a path begins with. */
  static String start(URI target) {
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    String port = target.getPort() < 0 ? "" : ":" + target.getPort();
    return "POST "
        + target.getRawPath()
        + query
        + " HTTP/1.1\r\nhost: "
        + target.getHost()
        + port
        + "\r\n";
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(PlainConnection::close);
  }
}
