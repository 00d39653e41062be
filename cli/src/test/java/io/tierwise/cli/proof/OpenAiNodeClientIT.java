package io.tierwise.cli.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official OpenAI client for Node; what it asks and expects is in exchange.mjs. */
class OpenAiNodeClientIT {
  private static final Path SCRIPTS =
      Path.of(System.getProperty("tierwise.home"), "cli", "src", "test", "node");

  @TempDir private Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void getsLabelsStreamsAndErrorsAsFromOpenAi() throws Exception {
    assumeTrue(there("node", "--version"), "node is not installed here");
    assumeTrue(
        Files.isDirectory(SCRIPTS.resolve("node_modules/openai")),
        "the client is not installed: run 'npm ci' in cli/src/test/node");
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    try (RunningGateway running =
        new RunningGateway(folder, Setup.USUAL.timeout(Duration.ofMinutes(2)))) {
      running.upstream.echoing();
      running.upstream.then(
          ScriptedUpstream.held(arrived, release, ScriptedUpstream.answer("other", 20, 1)));
      ProcessBuilder builder = new ProcessBuilder("node", "exchange.mjs");
      builder.environment().put("TIERWISE_URL", running.url());
      builder.environment().put("TIERWISE_KEY", running.key());
      Process node = builder.directory(SCRIPTS.toFile()).redirectErrorStream(true).start();
      // An early end of the script closes its output, and then there is nobody to wait for.
      CompletableFuture<Void> ended = node.onExit().thenRun(arrived::countDown);
      arrived.await();
      if (node.isAlive()) {
        node.getOutputStream().write('\n');
        node.getOutputStream().flush();
      }
      String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      Exchange.show("exchange-node", output.replace(running.key(), "KEY"));
      ended.join();
      assertEquals(0, node.exitValue(), output);
    } finally {
      release.countDown();
    }
    try (var entries = LedgerReader.read(folder.resolve("data/ledger"))) {
      assertTrue(entries.anyMatch(entry -> "cancelled".equals(entry.refusal())));
    }
  }

  private static boolean there(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
