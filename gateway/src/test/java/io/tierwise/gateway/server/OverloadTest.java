package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One request under way is all that this gateway takes. */
class OverloadTest {
  private static final int NEVER_COMES_MILLIS = 10_000;

  @TempDir private Path folder;

  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private RunningGateway running;
  private CompletableFuture<Answer> first;

  @BeforeEach
  void oneIsUnderWay() throws InterruptedException {
    running =
        new RunningGateway(
            folder,
            RunningGateway.Setup.USUAL,
            new TierwiseConfig.Server("127.0.0.1", 0, 1, Duration.ofMillis(20)));
    running.upstream.then(
        ScriptedUpstream.held(arrived, release, ScriptedUpstream.answer("refund", 20, 1)));
    first = CompletableFuture.supplyAsync(() -> running.ask("Where is my money?"));
    arrived.await();
  }

  @AfterEach
  void end() {
    release.countDown();
    first.join();
    running.close();
  }

  @Test
  void refusesWhatIsBeyondTheLimitInTheDialectsForm() {
    Answer chat = running.ask("And mine?");
    assertEquals("503 null overloaded", chat.error());
    assertEquals("server_error", chat.json().path("error").path("type").asText());
    assertEquals("1", chat.header("retry-after"));
    assertEquals(36, chat.header("x-tierwise-request-id").length());

    Answer tensor = running.postTo("/v2/models/support/infer", "{}");
    assertEquals(503, tensor.status());
    assertEquals("1", tensor.header("retry-after"));
    assertEquals(
        "The gateway has more to do than it can do in time; try again.",
        tensor.json().path("error").asText());
  }

  @Test
  void theRefusedConnectionGoesOnAndARefusalIsNoEntryOfTheLedger() {
    assertEquals(503, running.ask("x".repeat(20_000)).status());
    assertEquals(503, running.ask("And mine?").status());
    release.countDown();
    first.join();
    assertEquals(200, running.ask("And mine?").status());
    assertEquals(2, running.ledger().size());
  }

  @Test
  void refusesBeforeTheBodyHasComeAndTheConnectionGoesOnOnceItHas() throws IOException {
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: here\r\nauthorization: Bearer %s\r\n"
                .formatted(running.key())
            + "content-length: 20000\r\n\r\n";
    try (Socket caller = new Socket(InetAddress.getLoopbackAddress(), running.server().port())) {
      caller.setSoTimeout(NEVER_COMES_MILLIS);
      OutputStream out = caller.getOutputStream();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(caller.getInputStream(), StandardCharsets.ISO_8859_1));
      for (int request = 0; request < 2; request++) {
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        assertEquals("HTTP/1.1 503 Service Unavailable", in.readLine());
        assertEquals("overloaded", code(in));
        out.write(new byte[20_000]);
      }
    }
  }

  /** Of an error's body, whose length its head tells. */
  private static String code(BufferedReader in) throws IOException {
    int length = 0;
    for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
    }
    char[] body = new char[length];
    for (int come = 0; come < length; ) {
      come += in.read(body, come, length - come);
    }
    return new ObjectMapper().readTree(new String(body)).path("error").path("code").asText();
  }

  @Test
  void whoLooksAfterTheGatewayIsLetIn() {
    running.ask("And mine?");
    assertEquals(200, running.get("/health/ready").status());
    String metrics = running.get("/metrics").response().body();
    assertTrue(metrics.contains("tierwise_admission_refused_total{cause=\"concurrency\"} 1.0"));
    assertTrue(metrics.contains("tierwise_admission_refused_total{cause=\"memory\"} 0.0"));
    assertTrue(metrics.contains("tierwise_admission_refused_total{cause=\"queue\"} 0.0"));
    assertTrue(metrics.contains("tierwise_admission_under_way 1.0"));
    assertTrue(metrics.contains("tierwise_admission_limit 1.0"));
    assertTrue(metrics.contains("tierwise_http_responses_total{status=\"503\"} 1.0"));
  }
}
