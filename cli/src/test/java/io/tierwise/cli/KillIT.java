package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.ledger.LedgerReader;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the whole gateway under load, again and again over one data directory. 5 rounds; as many as
 * wanted with {@code -Dtierwise.kills=20}.
 */
class KillIT {
  private static final int ROUNDS = Integer.getInteger("tierwise.kills", 5);
  private static final int CLIENTS = 8;
  private static final String KEY_LINE = "First key (shown this once), tenant default: ";

  @TempDir private Path folder;

  private final Random random = new Random(20_261_124);
  private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
  private final List<String> refused = Collections.synchronizedList(new ArrayList<>());
  private final HttpClient http = HttpClient.newHttpClient();
  private int torn;

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void losesNoAnswerThatACallerHasAndAlwaysStartsAgain() throws Exception {
    long start = System.nanoTime();
    try (InstantModel model = new InstantModel("refund")) {
      Path config = config(model);
      String key = null;
      long cut = 0;
      for (int round = 0; round < ROUNDS; round++) {
        try (ServeProcess serve = ServeProcess.start(config)) {
          if (key == null) {
            key = serve.await(line -> line.startsWith(KEY_LINE)).substring(KEY_LINE.length());
          }
          String url = serve.url();
          if (cut > 0) {
            String words = "cut a torn record of " + cut + " bytes";
            assertTrue(serve.said().stream().anyMatch(line -> line.contains(words)), words);
          }
          killUnderLoad(serve, url, key);
        }
        verify();
        cut = random.nextBoolean() ? tear() : 0;
      }
    }
    assertEquals(List.of(), refused);
    System.out.printf(
        "%d kills, %d clients: %d answers received, all in the ledger once, of %d entries in %s;"
            + " %d torn ends cut and told; %.1f s%n",
        ROUNDS,
        CLIENTS,
        acknowledged.size(),
        entries().size(),
        forms(),
        torn,
        (System.nanoTime() - start) / 1e9);
  }

  private Path config(InstantModel model) throws IOException {
    return Files.writeString(
        folder.resolve("tierwise.yaml"),
        """
        server: {port: 0}
        ledger: {segmentBytes: 65536}
        upstreams:
          model: {url: %s, maxConcurrent: 100}
        tasks:
          - name: support
            labels: [refund, delivery]
            large: {upstream: model, price: gpt-4o-mini}
        """
            .formatted(model.url()));
  }

  private void killUnderLoad(ServeProcess serve, String url, String key)
      throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(1 + random.nextInt(400));
    List<Thread> clients = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      int number = client;
      clients.add(Thread.ofVirtual().start(() -> ask(url, key, number, enough)));
    }
    enough.await();
    serve.kill();
    for (Thread client : clients) {
      client.join();
    }
  }

  private void ask(String url, String key, int client, CountDownLatch enough) {
    try {
      for (int i = 0; ; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .header("authorization", "Bearer " + key)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        """
                        {"model": "support", "messages": [{"role": "user", "content": "%d of %d"}]}
                        """
                            .formatted(i, client)))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          acknowledged.add(answer.headers().firstValue("x-tierwise-request-id").orElseThrow());
        } else {
          refused.add(answer.statusCode() + " " + answer.body());
        }
        enough.countDown();
      }
    } catch (IOException e) {
      // The gateway is dead.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void verify() {
    Map<String, Long> serving =
        entries().stream()
            .filter(entry -> entry.purpose() == LedgerEntry.Purpose.SERVE)
            .map(LedgerEntry::requestId)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    assertEquals(
        List.of(), acknowledged.stream().filter(id -> serving.getOrDefault(id, 0L) != 1).toList());
    assertEquals(
        List.of(), serving.entrySet().stream().filter(entry -> entry.getValue() != 1).toList());
  }

  private List<LedgerEntry> entries() {
    List<String> damages = new ArrayList<>();
    try (Stream<LedgerEntry> entries =
        LedgerReader.read(ledger(), damage -> damages.add(damage.toString()))) {
      List<LedgerEntry> all = entries.toList();
      assertEquals(List.of(), damages);
      return all;
    }
  }

  /** What the loss of power in the middle of a write leaves; a kill alone hardly ever does. */
  private long tear() throws IOException {
    Path last;
    try (Stream<Path> files = Files.list(ledger())) {
      last = files.filter(file -> file.toString().endsWith(".log")).max(Path::compareTo).get();
    }
    byte[] begun = new byte[1 + random.nextInt(200)];
    random.nextBytes(begun);
    begun[0] = 0;
    Files.write(last, begun, StandardOpenOption.APPEND);
    torn++;
    return begun.length;
  }

  private String forms() throws IOException {
    try (Stream<Path> files = Files.list(ledger())) {
      List<String> names = files.map(Path::toString).toList();
      return names.stream().filter(name -> name.endsWith(".log.gz")).count()
          + " compressed and "
          + names.stream().filter(name -> name.endsWith(".log")).count()
          + " plain segments";
    }
  }

  private Path ledger() {
    return folder.resolve("data/ledger");
  }
}
