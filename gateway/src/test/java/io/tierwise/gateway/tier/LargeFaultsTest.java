package io.tierwise.gateway.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tierwise.gateway.prompt.Prompt;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Attempt.Cause;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A large model whose bytes are wrong. */
class LargeFaultsTest {
  private static final String ANSWER =
      "{\"choices\":[{\"message\":{\"content\":\"refund\"}}],"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}";

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private LargeClient client;

  /** What the server does with a caller whose request it has read. */
  private interface Act {
    void on(Socket caller) throws IOException;
  }

  LargeFaultsTest() throws IOException {
    server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    threads.shutdownNow();
    client.close();
  }

  private Attempt ask(Duration timeout, Act act) {
    threads.execute(() -> {
      try (Socket caller = server.accept()) {
        readRequest(caller);
        act.on(caller);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    Surroundings surroundings =
        new Surroundings(
            new MutableClock(Requests.NOW), System::nanoTime, new Random(7), pause -> {});
    Endpoint endpoint =
        new Endpoint(
            "gpu",
            URI.create("http://127.0.0.1:" + server.getLocalPort()),
            "big",
            "1",
            null,
            timeout,
            1,
            0);
    client = new LargeClient(endpoint, surroundings);
    return new LargeTier(
            client,
            new Resilience(endpoint, surroundings),
            new OpenAiWire(Prompt.standard(Requests.TASK)),
            true,
            surroundings)
        .attempt(Requests.classify("hi"));
  }

  private static void readRequest(Socket caller) throws IOException {
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(caller.getInputStream(), StandardCharsets.ISO_8859_1));
    int length = 0;
    String line = reader.readLine();
    while (line != null && !line.isEmpty()) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
      line = reader.readLine();
    }
    for (int i = 0; i < length; i++) {
      reader.read();
    }
  }

  private static void write(Socket caller, String text) throws IOException {
    caller.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    caller.getOutputStream().flush();
  }

  @ParameterizedTest
  @CsvSource({
    "'', FAILED",
    "'SSH-2.0-OpenSSH_9.2|', FAILED",
    "'HTTP/1.1 200 OK|Content-Len', FAILED",
    "'HTTP/1.1 200 OK|Content-Length: 1000||{\"choices\":[', FAILED",
    "'HTTP/1.1 200 OK|Content-Length: -5||{}', FAILED",
    "'HTTP/1.1 200 OK|Content-Length: many||{}', FAILED",
    "'HTTP/1.1 200 OK|Content-Length: 12||ANSWER', UNUSABLE_ANSWER",
    "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||5|{\"cho|', FAILED",
    "'HTTP/1.1 200 OK|Transfer-Encoding: chunked||xyz|', FAILED",
    "'HTTP/1.1 200 OK|||\u0000\u0001\u0002', UNUSABLE_ANSWER",
    "'HTTP/1.1 302 Found|Location: http://example.org/|Content-Length: 0||', FAILED",
    "'HTTP/1.1 204 No Content||', FAILED",
  })
  void isUnavailableForAReasonAndChargedForTheCall(String reply, Cause cause) {
    String bytes = reply.replace("|", "\r\n").replace("ANSWER", ANSWER);
    Attempt attempt = ask(Duration.ofSeconds(20), caller -> write(caller, bytes));
    Attempt.Unavailable unavailable = assertInstanceOf(Attempt.Unavailable.class, attempt);
    assertEquals(cause, unavailable.cause(), unavailable.detail());
    assertEquals(1, unavailable.usage().requests());
    assertEquals(false, unavailable.detail().isBlank());
  }

  @Test
  void readsAnAnswerThatEndsWithItsConnection() {
    Attempt attempt =
        ask(
            Duration.ofSeconds(20),
            caller -> write(caller, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + ANSWER));
    assertEquals(9, assertInstanceOf(Attempt.Proposed.class, attempt).usage().inputTokens());
  }

  @Test
  void hangsUpOnAnAnswerThatDripsBeyondTheTimeout() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    Attempt attempt =
        ask(
            Duration.ofMillis(200),
            caller -> {
              write(caller, "HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n");
              try {
                while (true) {
                  write(caller, " ");
                  Thread.onSpinWait();
                }
              } catch (IOException e) {
                seen.complete("closed");
              }
            });
    Attempt.Unavailable late = assertInstanceOf(Attempt.Unavailable.class, attempt);
    assertEquals(Cause.TIMEOUT, late.cause(), late.detail());
    assertEquals("closed", seen.get());
  }
}
