package io.tierwise.gateway.tier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;

/**
 * Over plain HTTP/1.1, on the thread that asks: each call has a connection to itself, kept for the
 * next. A general client hands every call between several threads, which costs more than all else
 * that the gateway does for it.
 */
final class PlainCalls implements UpstreamCalls {
  private final PlainConnections connections;
  private final String start;

  PlainCalls(URI target, Duration connectTimeout, Destinations destinations) {
    this.connections = new PlainConnections(target, connectTimeout, destinations);
    this.start = PlainConnections.start(target);
  }

  @Override
  public Reply post(byte[] body, Map<String, String> headers, Duration limit)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    byte[] request = request(start, body, headers);
    try {
      PlainConnection connection = connections.take(deadline);
      boolean reusable = false;
      try {
        connection.send(request);
        Reply reply = connection.receive(deadline);
        reusable = connection.reusable();
        return reply;
      } finally {
        connections.giveBack(connection, reusable);
      }
    } catch (SocketTimeoutException e) {
      throw timedOut(e);
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("nobody waits for the call any more");
      }
      throw e;
    }
  }

  static HttpTimeoutException timedOut(SocketTimeoutException cause) {
    HttpTimeoutException timeout = new HttpTimeoutException("no answer in time");
    timeout.initCause(cause);
    return timeout;
  }

  /**
   * A request as it is sent.
   *
   * @param start of {@link PlainConnections#start}
   */
  static byte[] request(String start, byte[] body, Map<String, String> headers) {
    StringBuilder head = new StringBuilder(start);
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("content-length: ").append(body.length).append("\r\n\r\n");
    byte[] words = head.toString().getBytes(ISO_8859_1);
    byte[] request = new byte[words.length + body.length];
    System.arraycopy(words, 0, request, 0, words.length);
    System.arraycopy(body, 0, request, words.length, body.length);
    return request;
  }

  @Override
  public void close() {
    connections.close();
  }
}
