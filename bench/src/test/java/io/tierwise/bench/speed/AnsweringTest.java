package io.tierwise.bench.speed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AnsweringTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, HERE)) {
      return socket.getLocalPort();
    }
  }

  private static ServerSocket listen(int port) {
    try {
      return new ServerSocket(port, 1, HERE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void waitsAsLongAsWhatIsToListenLives() throws IOException {
    int port = freePort();
    AtomicInteger looks = new AtomicInteger();
    AtomicReference<ServerSocket> server = new AtomicReference<>();
    Answering.await(
        "http://127.0.0.1:" + port,
        () -> {
          if (looks.incrementAndGet() == 5) {
            server.set(listen(port));
          }
          return true;
        });
    assertEquals(5, looks.get());
    server.get().close();
  }

  @Test
  void givesUpWhenItHasEnded() throws IOException {
    String url = "http://127.0.0.1:" + freePort();
    AtomicInteger looks = new AtomicInteger();
    IOException trouble =
        assertThrows(
            IOException.class, () -> Answering.await(url, () -> looks.incrementAndGet() < 3));
    assertEquals("nothing listens on " + url + ", and what was to has ended", trouble.getMessage());
    assertEquals(3, looks.get());
  }
}
