package io.tierwise.cli.proof;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A large model that writes any bytes, HTTP or not, to each caller, and then closes. */
final class RawUpstream implements AutoCloseable {
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();
  private final Act act;

  /** What to do with every call, once it is read. */
  @FunctionalInterface
  interface Act {
    void on(OutputStream out, CountDownLatch end) throws IOException, InterruptedException;
  }

  RawUpstream(Act act) {
    this.act = act;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  int calls() {
    return calls.get();
  }

  /** Writes this and closes. */
  static Act bytes(String text) {
    return (out, end) -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A whole reply with its length. */
  static Act reply(String statusAndHeaders, String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return bytes(
        "HTTP/1.1 "
            + statusAndHeaders.strip().replace("\n", "\r\n")
            + "\r\ncontent-type: application/json\r\ncontent-length: "
            + length
            + "\r\nconnection: close\r\n\r\n"
            + body);
  }

  /** Begins an answer and resets the connection. */
  static Act reset(String begun) {
    return (out, end) -> {
      out.write(begun.getBytes(StandardCharsets.UTF_8));
      throw new ResetException();
    };
  }

  /** Ends the connection as an operating system does whose program is gone. */
  private static final class ResetException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Takes the call and says nothing as long as anyone waits. */
  static Act silence() {
    return (out, end) -> end.await();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed: there is nothing more to take.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      if (read(new BufferedInputStream(socket.getInputStream()))) {
        calls.incrementAndGet();
        act(socket);
        socket.shutdownOutput();
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException e) {
      // The caller has had enough, which is how the endless acts end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void act(Socket socket) throws IOException, InterruptedException {
    try {
      act.on(socket.getOutputStream(), end);
    } catch (ResetException e) {
      socket.setSoLinger(true, 0);
      throw e;
    }
  }

  /** Reads a request of a known length; false where the caller went away before. */
  private static boolean read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      head.append((char) next);
    }
    int length =
        head.toString()
            .lines()
            .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
            .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    return in.readNBytes(length).length == length;
  }

  @Override
  public void close() {
    end.countDown();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
