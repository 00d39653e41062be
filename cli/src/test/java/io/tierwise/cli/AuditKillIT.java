package io.tierwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the whole gateway while audits wait for the large model, again and again over one data
 * directory. 3 rounds; as many as wanted with {@code -Dtierwise.kills=20}.
 */
class AuditKillIT {
  private static final int ROUNDS = Integer.getInteger("tierwise.kills", 3);
  private static final int TEXTS = 12;
  private static final String KEY_LINE = "First key (shown this once), tenant default: ";

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> answered = new ArrayList<>();

  /** Answers a text's first call at once, and its later ones, which are audits, when let go. */
  private static final class HoldingModel implements AutoCloseable {
    private static final byte[] ANSWER =
        """
        {"id": "c1", "object": "chat.completion", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": "refund"}, "finish_reason": "stop"}],
         "usage": {"prompt_tokens": 20, "completion_tokens": 1, "total_tokens": 21}}
        """
            .getBytes(UTF_8);
    private final HttpServer server;
    private final Set<String> known = ConcurrentHashMap.newKeySet();
    private final CountDownLatch release = new CountDownLatch(1);

    HoldingModel() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::answer);
      server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (!known.add(body)) {
        try {
          release.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, ANSWER.length);
      exchange.getResponseBody().write(ANSWER);
      exchange.close();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void makesEveryAuditThatWasDrawnAndNoneTwice() throws Exception {
    try (HoldingModel model = new HoldingModel()) {
      Path config = config(model);
      try (Database database = Database.open(folder.resolve("data"))) {
        new GateStore(database, Clock.systemUTC()).shut("support", "exact hits only");
      }
      String key = null;
      for (int round = 0; round < ROUNDS; round++) {
        try (ServeProcess serve = ServeProcess.start(config)) {
          if (key == null) {
            key = serve.await(line -> line.startsWith(KEY_LINE)).substring(KEY_LINE.length());
          }
          String url = serve.url();
          for (int text = 0; text < TEXTS; text++) {
            assertEquals("large", ask(url, key, round + " " + text));
            assertEquals("exact-cache", ask(url, key, round + " " + text));
          }
          serve.kill();
        }
        assertEquals(TEXTS * (round + 1), rows().size());
      }
      try (ServeProcess serve = ServeProcess.start(config)) {
        serve.url();
        model.release.countDown();
        serve.stop();
      }
    }
    List<AuditRow> rows = rows();
    assertEquals(2 * TEXTS * ROUNDS, rows.size());
    Set<String> audited = new HashSet<>();
    rows.forEach(row -> audited.add(row.requestId()));
    assertEquals(new HashSet<>(answered), audited);
    assertEquals(List.of(), rows.stream().filter(AuditRow::referenceMissing).toList());
    assertTrue(
        rows.stream()
            .flatMap(row -> row.proposals().values().stream())
            .allMatch(proposal -> proposal.agrees()));
    System.out.printf(
        "%d kills: %d audits drawn, each kept once; %d calls paid for them%n",
        ROUNDS, rows.size(), paid());
  }

  private Path config(HoldingModel model) throws IOException {
    return Files.writeString(
        folder.resolve("tierwise.yaml"),
        """
        server: {port: 0}
        upstreams:
          model: {url: 'http://127.0.0.1:%d', timeout: 60s}
        tasks:
          - name: support
            labels: [refund, delivery]
            audit: {shutRate: 1}
            large: {upstream: model, price: gpt-4o-mini}
        """
            .formatted(model.server.getAddress().getPort()));
  }

  private String ask(String url, String key, String text) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
            .header("authorization", "Bearer " + key)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    """
                    {"model": "support", "messages": [{"role": "user", "content": "%s"}]}
                    """
                        .formatted(text)))
            .build();
    var answer = http.send(request, BodyHandlers.ofString());
    answered.add(answer.headers().firstValue("x-tierwise-request-id").orElseThrow());
    return answer.headers().firstValue("x-tierwise-tier").orElse(answer.body());
  }

  private List<AuditRow> rows() {
    try (Database database = Database.open(folder.resolve("data"))) {
      return new AuditStore(database, Clock.systemUTC()).rows("support");
    }
  }

  private long paid() {
    try (var entries = LedgerReader.read(folder.resolve("data/ledger"))) {
      return entries.filter(entry -> entry.purpose() == LedgerEntry.Purpose.AUDIT).count();
    }
  }
}
