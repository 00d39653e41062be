package io.tierwise.gateway.tier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.request.Cancellation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What both ways of calling promise, each against a server that says what a test writes. */
@ParameterizedClass
@MethodSource("ways")
class StreamedCallsTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";

  private static final String LENGTH = "content-length: ";

  private final Function<Endpoint, StreamedCalls> way;

  StreamedCallsTest(Function<Endpoint, StreamedCalls> way) {
    this.way = way;
  }

  static List<Named<Function<Endpoint, StreamedCalls>>> ways() {
    return List.of(Named.of("plain", PlainStreams::new), Named.of("client", ClientStreams::new));
  }

  @Test
  void readsChunksAsTheyCome() throws Exception {
    try (Server server = new Server();
        StreamedCalls calls = server.calls(Destinations.USUAL)) {
      server.say(HEAD + "transfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n");
      StreamedCalls.Answer answer = open(calls, server, Cancellation.NEVER);
      assertEquals(200, answer.status());
      assertEquals("text/event-stream", answer.contentType());
      try (InputStream body = answer.body()) {
        // The rest is said once the first has been read.
        assertEquals("first", new String(body.readNBytes(5), UTF_8));
        server.go("7;note=1\r\n second\r\n0\r\ntrailer: 1\r\n\r\n");
        assertEquals(" second", new String(body.readAllBytes(), UTF_8));
        assertEquals(-1, body.read());
      }
      assertEquals("{\"asked\":1}", server.bodies.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void readsABodyOfAKnownLengthAndAsksAgainOnTheSameConnection() throws Exception {
    try (Server server = new Server();
        StreamedCalls calls = server.calls(Destinations.USUAL)) {
      for (int i = 0; i < 3; i++) {
        server.say("HTTP/1.1 400 No\r\ncontent-length: 4\r\n\r\nno" + i + ".");
        StreamedCalls.Answer answer = open(calls, server, Cancellation.NEVER);
        assertEquals(400, answer.status());
        assertEquals("application/json", answer.contentType());
        assertEquals("no" + i + ".", new String(answer.body().readAllBytes(), UTF_8));
        answer.body().close();
      }
      assertEquals(1, server.connections.get());
    }
  }

  @Test
  void aBodyWithoutALengthEndsWithItsConnection() throws Exception {
    try (Server server = new Server();
        StreamedCalls calls = server.calls(Destinations.USUAL)) {
      server.say(HEAD + "connection: close\r\n\r\nall there is");
      StreamedCalls.Answer answer = open(calls, server, Cancellation.NEVER);
      server.hangUp();
      assertEquals("all there is", new String(answer.body().readAllBytes(), UTF_8));
    }
  }

  @Test
  void aBodyThatBreaksOffIsAnError() throws Exception {
    try (Server server = new Server();
        StreamedCalls calls = server.calls(Destinations.USUAL)) {
      server.say(HEAD + "transfer-encoding: chunked\r\n\r\n9\r\nfirst");
      StreamedCalls.Answer answer = open(calls, server, Cancellation.NEVER);
      server.hangUp();
      assertThrows(IOException.class, () -> answer.body().readAllBytes());
    }
  }

  @Test
  void givesTheConnectionUpWhereABodyIsClosedBeforeItsEnd() throws Exception {
    try (Server server = new Server();
        StreamedCalls calls = server.calls(Destinations.USUAL)) {
      server.say(HEAD + "transfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n");
      StreamedCalls.Answer answer = open(calls, server, Cancellation.NEVER);
      assertEquals('f', answer.body().read());
      answer.body().close();
      assertTrue(server.left.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void waitsNoLongerThanItMay() throws Exception {
    try (Server server = new Server();
        StreamedCalls calls = server.calls(Destinations.USUAL)) {
      assertThrows(
          HttpTimeoutException.class,
          () ->
              calls.open(
                  server.target(),
                  new byte[0],
                  Map.of(),
                  Duration.ofMillis(50),
                  Cancellation.NEVER));
      assertTrue(server.left.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void isGivenUpWhenNobodyWaitsAnyMore() throws Exception {
    try (Server server = new Server();
        StreamedCalls calls = server.calls(Destinations.USUAL)) {
      Cancellation cancellation = Cancellation.possible();
      Thread.ofVirtual()
          .start(() -> {
            server.await();
            cancellation.cancel();
          });
      assertThrows(CancellationException.class, () -> open(calls, server, cancellation));
      assertTrue(server.left.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void aLateCancellationLeavesTheNextCallAlone() throws Exception {
    try (Server server = new Server();
        StreamedCalls calls = server.calls(Destinations.USUAL)) {
      Cancellation first = Cancellation.possible();
      server.say("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none");
      assertEquals("one", new String(open(calls, server, first).body().readAllBytes(), UTF_8));
      server.say(HEAD + "transfer-encoding: chunked\r\n\r\n3\r\ntwo\r\n");
      StreamedCalls.Answer second = open(calls, server, Cancellation.NEVER);
      first.cancel();
      server.go("0\r\n\r\n");
      assertEquals("two", new String(second.body().readAllBytes(), UTF_8));
    }
  }

  @Test
  void callsNoAddressThatUpstreamsMayNotHave() throws Exception {
    try (Server server = new Server();
        StreamedCalls calls = server.calls(Destinations.of(List.of("10.0.0.0/8")))) {
      IOException refused =
          assertThrows(IOException.class, () -> open(calls, server, Cancellation.NEVER));
      assertTrue(String.valueOf(refused.getMessage()).contains("see trust.addresses"));
      assertEquals(0, server.connections.get());
    }
  }

  private static StreamedCalls.Answer open(
      StreamedCalls calls, Server server, Cancellation cancellation) throws Exception {
    return calls.open(
        server.target(),
        "{\"asked\":1}".getBytes(UTF_8),
        Map.of("content-type", "application/json"),
        LIMIT,
        cancellation);
  }

  /** Says after each request what it is told to, and goes on when it is told to. */
  private final class Server implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch left = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicReference<Socket> caller = new AtomicReference<>();

    Server() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    URI target() {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1/chat/completions");
    }

    StreamedCalls calls(Destinations destinations) {
      return way.apply(
          new Endpoint("quick", target(), "model", "", null, LIMIT, 8, 0, destinations));
    }

    /** To be said once the next request has come. */
    void say(String answer) {
      answers.add(answer);
    }

    void go(String on) throws IOException {
      caller.get().getOutputStream().write(on.getBytes(UTF_8));
    }

    void hangUp() throws IOException {
      caller.get().close();
    }

    void await() {
      try {
        asked.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void accept() {
      try {
        while (true) {
          Socket next = socket.accept();
          connections.incrementAndGet();
          caller.set(next);
          Thread.ofVirtual().start(() -> listen(next));
        }
      } catch (IOException e) {
        left.countDown();
      }
    }

    private void listen(Socket from) {
      try (from;
          BufferedReader in =
              new BufferedReader(new InputStreamReader(from.getInputStream(), UTF_8))) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          int length = 0;
          for (; !line.isEmpty(); line = in.readLine()) {
            String header = line.toLowerCase(Locale.ROOT);
            length = header.startsWith(LENGTH) ? parsed(header) : length;
          }
          char[] body = new char[length];
          int read = length == 0 ? 0 : in.read(body);
          bodies.add(new String(body, 0, read));
          asked.countDown();
          String answer = answers.poll();
          if (answer != null) {
            from.getOutputStream().write(answer.getBytes(UTF_8));
          }
        }
        left.countDown();
      } catch (IOException e) {
        left.countDown();
      }
    }

    private static int parsed(String header) {
      return Integer.parseInt(header.substring(LENGTH.length()));
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
