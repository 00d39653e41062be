package io.tierwise.bench.speed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Whether a server answers, and who in it. */
final class Answering {
  private static final int READ_MILLIS = 10_000;
  private static final int PAUSE_MILLIS = 20;
  private static final String HEAD_END = "\r\n\r\n";

  private Answering() {}

  /**
   * Waits until something listens there, for as long as it takes on a busy machine.
   *
   * @param alive whether what is to listen still runs
   * @throws IOException when it has ended and nothing listens
   */
  static void await(String url, BooleanSupplier alive) throws IOException {
    URI target = URI.create(url);
    while (!listens(target)) {
      if (!alive.getAsBoolean()) {
        throw new IOException("nothing listens on " + url + ", and what was to has ended");
      }
      pause();
    }
  }

  private static boolean listens(URI target) {
    try (Socket socket = connect(target)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a server", e);
    }
  }

  /**
   * Sends a contestant's first request.
   *
   * @throws IOException when the answer is not 200, or comes from another tier than it should
   */
  static void check(Contestant contestant) throws IOException {
    check(contestant, contestant.samples().getFirst());
  }

  /** Sends every request of a contestant, one after another. */
  static void checkAll(Contestant contestant) throws IOException {
    for (byte[] request : contestant.samples()) {
      check(contestant, request);
    }
  }

  private static void check(Contestant contestant, byte[] request) throws IOException {
    String head = head(contestant.target(), request).toLowerCase(Locale.ROOT);
    boolean rightTier =
        contestant.tier().isEmpty() || head.contains("x-tierwise-tier: " + contestant.tier());
    if (!head.startsWith("http/1.1 200") || !rightTier) {
      throw new IOException(
          contestant.name() + " should be answered by '" + contestant.tier() + "', and: " + head);
    }
  }

  private static String head(URI target, byte[] request) throws IOException {
    try (Socket socket = connect(target)) {
      socket.setSoTimeout(READ_MILLIS);
      socket.getOutputStream().write(request);
      InputStream in = socket.getInputStream();
      ByteArrayOutputStream come = new ByteArrayOutputStream();
      String head = "";
      for (int each = in.read(); each >= 0 && !head.endsWith(HEAD_END); each = in.read()) {
        come.write(each);
        head = come.toString(StandardCharsets.ISO_8859_1);
      }
      return head;
    }
  }

  private static Socket connect(URI target) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), READ_MILLIS);
    return socket;
  }
}
