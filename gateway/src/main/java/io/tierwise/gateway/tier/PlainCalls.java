package io.tierwise.gateway.tier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/**
 * Over plain HTTP/1.1, on the thread that asks: each call has a connection to itself, kept for the
 * next. A general client hands every call between several threads, which costs more than all else
 * that the gateway does for it.
 */
final class PlainCalls implements UpstreamCalls {
  private static final int USUAL_PORT = 80;

  /** Servers close what rests longer, many after five seconds. */
  private static final long LONGEST_IDLE = TimeUnit.SECONDS.toNanos(4);

  private final URI target;
  private final Destinations destinations;
  private final Duration connectTimeout;
  private final String start;
  private final Deque<PlainConnection> idle = new ConcurrentLinkedDeque<>();
  private final Set<PlainConnection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  PlainCalls(URI target, Duration connectTimeout, Destinations destinations) {
    this.destinations = destinations;
    this.target = target;
    this.connectTimeout = connectTimeout;
    String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
    String port = target.getPort() < 0 ? "" : ":" + target.getPort();
    this.start =
        "POST "
            + target.getRawPath()
            + query
            + " HTTP/1.1\r\nhost: "
            + target.getHost()
            + port
            + "\r\n";
  }

  @Override
  public Reply post(byte[] body, Map<String, String> headers, Duration limit)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    byte[] request = request(body, headers);
    PlainConnection connection = connection(deadline);
    boolean reusable = false;
    try {
      connection.send(request);
      Reply reply = connection.receive(deadline);
      reusable = connection.reusable();
      return reply;
    } catch (SocketTimeoutException e) {
      throw timedOut(e);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("nobody waits for the call any more");
      }
      throw e;
    } finally {
      release(connection, reusable);
    }
  }

  private static HttpTimeoutException timedOut(SocketTimeoutException cause) {
    HttpTimeoutException timeout = new HttpTimeoutException("no answer in time");
    timeout.initCause(cause);
    return timeout;
  }

  private byte[] request(byte[] body, Map<String, String> headers) {
    StringBuilder head = new StringBuilder(start);
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("content-length: ").append(body.length).append("\r\n\r\n");
    byte[] words = head.toString().getBytes(ISO_8859_1);
    byte[] request = new byte[words.length + body.length];
    System.arraycopy(words, 0, request, 0, words.length);
    System.arraycopy(body, 0, request, words.length, body.length);
    return request;
  }

  /** The one used last, as long as the endpoint has not closed it; else a new one. */
  private PlainConnection connection(long deadline) throws IOException, InterruptedException {
    for (PlainConnection found = idle.pollFirst(); found != null; found = idle.pollFirst()) {
      if (System.nanoTime() - found.restsSince() < LONGEST_IDLE && found.alive()) {
        return found;
      }
      release(found, false);
    }
    int port = target.getPort() < 0 ? USUAL_PORT : target.getPort();
    InetSocketAddress address = new InetSocketAddress(destinations.resolve(target.getHost()), port);
    long left = Math.min(connectTimeout.toNanos(), deadline - System.nanoTime());
    try {
      PlainConnection connection = PlainConnection.open(address, left);
      open.add(connection);
      return connection;
    } catch (SocketTimeoutException e) {
      throw timedOut(e);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("nobody waits for the call any more");
      }
      throw e;
    }
  }

  private void release(PlainConnection connection, boolean reusable) {
    if (reusable && !closed) {
      connection.rest();
      idle.addFirst(connection);
    } else {
      open.remove(connection);
      connection.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(PlainConnection::close);
  }
}
