package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.ScriptedUpstream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stop does to those who are waiting: what SIGTERM comes to. */
class DrainTest {
  private static final int WAITING = 3;

  @TempDir private Path folder;

  @Test
  void whoHasAskedIsAnsweredAndRecordedAndNobodyNewIsTaken() throws InterruptedException {
    try (RunningGateway running = new RunningGateway(folder, RunningGateway.Setup.USUAL)) {
      CountDownLatch arrived = new CountDownLatch(WAITING);
      CountDownLatch release = new CountDownLatch(1);
      running.upstream.otherwise(
          ScriptedUpstream.held(arrived, release, ScriptedUpstream.answer("refund", 20, 1)));
      List<CompletableFuture<Answer>> asked = new ArrayList<>();
      for (int i = 0; i < WAITING; i++) {
        String text = "question " + i;
        asked.add(CompletableFuture.supplyAsync(() -> running.ask(text)));
      }
      arrived.await();
      Thread stopping = Thread.ofVirtual().start(() -> running.server().close());
      untilNobodyIsTaken(running);
      release.countDown();
      for (CompletableFuture<Answer> each : asked) {
        assertEquals("refund", each.join().label());
      }
      stopping.join();
      assertEquals(WAITING, running.ledger().size());
    }
  }

  /** Closing takes its time; as long as it listens, health is answered. */
  private static void untilNobodyIsTaken(RunningGateway running) {
    assertThrows(
        UncheckedIOException.class,
        () -> {
          while (true) {
            RunningGateway.freshConnection(running.url() + "/health/live");
          }
        });
  }
}
