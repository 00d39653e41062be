package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.LedgerConfig;
import io.tierwise.gateway.testing.ChildProcess;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of callers when the machine itself fails. */
class MachineFaultsTest {
  private static final int SEGMENT = 65_536;

  @TempDir private Path folder;

  private RunningGateway running() {
    return new RunningGateway(
        folder,
        RunningGateway.Setup.USUAL,
        config ->
            new TierwiseConfig(
                config.server(),
                config.data(),
                config.budgetData(),
                new LedgerConfig(SEGMENT, false, Duration.ofDays(400)),
                config.upstreams(),
                config.prices(),
                config.tasks(),
                config.budgets()));
  }

  @Test
  void withoutALedgerNoAnswerIsGivenAndItGoesOnOnceItCanBeWritten() throws IOException {
    try (RunningGateway running = running()) {
      Path ledger = running.data.resolve("ledger");
      Path aside = running.data.resolve("aside");
      Set<String> answered = new HashSet<>();
      Answer answer = running.ask("first");
      Files.move(ledger, aside);
      // The segment that is open goes on; the next one has no place to be made in.
      for (int i = 0; answer.status() == 200; i++) {
        answered.add(answer.header("x-tierwise-request-id"));
        answer = running.ask("question " + i);
      }
      assertEquals("503 null store_trouble", answer.error());
      assertEquals("1", answer.header("retry-after"));
      Files.move(aside, ledger);
      Answer after = running.ask("afterwards");
      assertEquals(200, after.status());
      answered.add(after.header("x-tierwise-request-id"));
      Set<String> recorded = new HashSet<>();
      running.ledger().forEach(entry -> assertTrue(recorded.add(entry.requestId())));
      assertEquals(answered, recorded);
    }
  }

  @Test
  void aClockThatJumpsChangesNoAnswer() {
    try (RunningGateway running = new RunningGateway(folder, RunningGateway.Setup.USUAL)) {
      assertEquals("refund", running.ask("first").label());
      running.clock.advance(Duration.ofDays(-400));
      assertEquals("refund", running.ask("a year ago").label());
      assertEquals("refund", running.ask("first").label());
      running.clock.advance(Duration.ofDays(4000));
      assertEquals("refund", running.ask("in ten years").label());
      // What was kept for a day is not kept for ten years.
      assertEquals("large", running.ask("first").tier());
      Set<String> ids = new HashSet<>();
      running.ledger().forEach(entry -> assertTrue(ids.add(entry.requestId())));
      assertEquals(5, ids.size());
    }
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void withoutDescriptorsThoseWhoAreConnectedAreServedAndLaterAllAgain() throws Exception {
    try (ChildProcess child =
            ChildProcess.runWithDescriptors(420, FewDescriptorsMain.class, folder.toString());
        HttpClient connected = HttpClient.newHttpClient()) {
      URI url = URI.create(child.line());
      String key = child.line();
      assertEquals(200, ask(connected, url, key, "before"));
      List<Socket> idle = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        idle.add(new Socket(url.getHost(), url.getPort()));
      }
      // Its connection is open; the answer is in the cache, so that no other is needed.
      assertEquals(200, ask(connected, url, key, "before"));
      for (Socket socket : idle) {
        socket.close();
      }
      try (HttpClient another = HttpClient.newHttpClient()) {
        assertEquals(200, ask(another, url, key, "after"));
      }
    }
  }

  private static int ask(HttpClient client, URI url, String key, String text)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/v1/chat/completions"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("authorization", "Bearer " + key)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"model": "support", "messages": [{"role": "user", "content": "%s"}]}
                    """
                        .formatted(text)))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void aSecondGatewayOverTheSameLedgerIsRefusedAndTheFirstGoesOn() {
    try (RunningGateway running = new RunningGateway(folder, RunningGateway.Setup.USUAL)) {
      assertThrows(
          RuntimeException.class, () -> new RunningGateway(folder, RunningGateway.Setup.USUAL));
      assertEquals(200, running.ask("first").status());
    }
  }
}
