package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.ScriptedUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One request under way is all that this gateway takes. */
class OverloadTest {
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
  void whoLooksAfterTheGatewayIsLetIn() {
    running.ask("And mine?");
    assertEquals(200, running.get("/health/ready").status());
    String metrics = running.get("/metrics").response().body();
    assertTrue(metrics.contains("tierwise_admission_refused_total{cause=\"concurrency\"} 1.0"));
    assertTrue(metrics.contains("tierwise_admission_refused_total{cause=\"queue\"} 0.0"));
    assertTrue(metrics.contains("tierwise_admission_under_way 1.0"));
    assertTrue(metrics.contains("tierwise_admission_limit 1.0"));
    assertTrue(metrics.contains("tierwise_http_responses_total{status=\"503\"} 1.0"));
  }
}
