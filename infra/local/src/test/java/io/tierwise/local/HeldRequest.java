package io.tierwise.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;

/** A request that a server has begun to handle and whose body is still to come. */
final class HeldRequest implements AutoCloseable {
  private final int port;
  private final Socket socket;

  private HeldRequest(int port, Socket socket) {
    this.port = port;
    this.socket = socket;
  }

  /** Returns when the server asks for the body, so that its handler is running. */
  static HeldRequest post(int port, String path) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    String head =
        """
        POST %s HTTP/1.1\r
        Host: localhost\r
        Expect: 100-continue\r
        Transfer-Encoding: chunked\r
        \r
        """
            .formatted(path);
    socket.getOutputStream().write(head.getBytes(UTF_8));
    HeldRequest held = new HeldRequest(port, socket);
    String line = held.line();
    assertTrue(line.startsWith("HTTP/1.1 100"), line);
    held.line();
    return held;
  }

  /** Returns when the server listens no more. */
  void awaitNoNewConnections() {
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
      } catch (IOException refused) {
        return;
      }
    }
  }

  /** Sends the body and reads all of the answer. */
  String finish(String body) throws IOException {
    String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
    socket.getOutputStream().write(chunk.getBytes(UTF_8));
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    InputStream in = socket.getInputStream();
    int next = in.read();
    while (next >= 0 && next != '\n') {
      line.append((char) next);
      next = in.read();
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
