package io.tierwise.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.TrainingRun;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Move;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the gateway, or the job that it has started, at a random moment between the first answer
 * and the end of a promotion, each time over a new data directory. 3 rounds; as many as wanted with
 * {@code -Dtierwise.kills=50}.
 */
class FlywheelKillIT {
  private static final int ROUNDS = Integer.getInteger("tierwise.kills", 3);
  private static final String KEY_LINE = "First key (shown this once), tenant default: ";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A caller that asked without a break would keep a core from the training that it waits for. */
  private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(20);

  @TempDir private Path root;
  private final Random random = new Random(20_261_124);
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> refused = new ArrayList<>();
  private HttpServer model;
  private Path folder;
  private String key = "";
  private int answered;

  @BeforeEach
  void startTheModel() throws IOException {
    model = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    model.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    model.createContext("/", FlywheelKillIT::label);
    model.start();
  }

  @AfterEach
  void stopTheModel() {
    model.stop(0);
  }

  private static void label(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    byte[] answer =
        """
        {"id": "c1", "object": "chat.completion", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": "%s"}, "finish_reason": "stop"}],
         "usage": {"prompt_tokens": 20, "completion_tokens": 1, "total_tokens": 21}}
        """
            .formatted(body.contains("parcel") ? "delivery" : "refund")
            .getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void leavesOneLiveStudentAndAHistoryThatTellsAndRefusesNobody() throws Exception {
    long undisturbed = promotion(0, Kill.NOTHING, Long.MAX_VALUE);
    int jobs = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      Kill kill = round % 2 == 0 ? Kill.JOB : Kill.GATEWAY;
      long moment = (long) (random.nextDouble() * undisturbed);
      promotion(round, kill, moment);
      jobs += kill == Kill.JOB ? 1 : 0;
    }
    assertEquals(List.of(), refused);
    System.out.printf(
        "%d kills (%d of jobs) within %.1f s of a promotion: one live student each time;"
            + " %d answers, none refused%n",
        ROUNDS, jobs, undisturbed / 1e9, answered);
  }

  private enum Kill {
    NOTHING,
    GATEWAY,
    JOB
  }

  /** From gathered answers to a live student; how long that took, in nanoseconds. */
  private long promotion(int round, Kill kill, long moment) throws Exception {
    folder = Files.createDirectory(root.resolve("round-" + round));
    Path config = config();
    gather();
    long start;
    long took;
    try (ServeProcess serve = ServeProcess.start(config)) {
      key = serve.await(line -> line.startsWith(KEY_LINE)).substring(KEY_LINE.length());
      String url = serve.url();
      start = System.nanoTime();
      boolean live = askUntilLive(serve, url, start + Math.min(moment, Long.MAX_VALUE / 2));
      took = System.nanoTime() - start;
      if (kill == Kill.JOB) {
        serve.killChildren();
        live = askUntilLive(serve, url, Long.MAX_VALUE);
      }
      if (kill == Kill.GATEWAY) {
        serve.kill();
        // Its job goes on beside the next gateway; it ends with the round.
        try (ServeProcess next = ServeProcess.start(config)) {
          assertTrue(askUntilLive(next, next.url(), Long.MAX_VALUE), "live after a restart");
        }
      } else {
        assertTrue(live, "the student is live");
      }
    }
    verify();
    return took;
  }

  /**
   * Asks and asks; every answer counts.
   *
   * @param until when to give up, of {@link System#nanoTime}
   * @return whether a student is live and its gate open
   */
  private boolean askUntilLive(ServeProcess serve, String url, long until) throws Exception {
    for (int i = 0; until == Long.MAX_VALUE || System.nanoTime() < until; i++) {
      ask(url, (i % 2 == 0 ? "where is my parcel " : "money back please ") + answered);
      if (i % 20 == 0) {
        JsonNode contract = JSON.readTree(get(url + "/v1/tasks/support/contract").body());
        if (contract.path("gate").asText().equals("open")) {
          return true;
        }
      }
      assertTrue(serve.runsFor(BETWEEN_QUESTIONS), "it ended");
    }
    return false;
  }

  private void ask(String url, String text) throws Exception {
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
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      refused.add(answer.statusCode() + " " + answer.body());
    }
    answered++;
  }

  private HttpResponse<String> get(String url) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create(url)).header("authorization", "Bearer " + key).build(),
        BodyHandlers.ofString());
  }

  private void verify() throws IOException {
    Path data = folder.resolve("data");
    DirectoryRegistry registry = new DirectoryRegistry(data.resolve("registry"), Clock.systemUTC());
    String live = registry.resolve("support", Registry.LIVE).orElseThrow().manifest().version();
    List<Move> moves = registry.history("support");
    assertEquals(
        List.of(live),
        moves.stream()
            .filter(move -> move.alias().equals(Registry.LIVE))
            .map(Move::version)
            .toList());
    try (Database database = Database.open(data)) {
      GateStore gates = new GateStore(database, Clock.systemUTC());
      assertEquals(live, gates.state("support").artifact());
      assertEquals(
          1,
          gates.history("support").stream()
              .filter(move -> move.mode() == GateMove.Mode.OPEN)
              .count());
      List<TrainingRun> runs = new TrainingRuns(database, Clock.systemUTC()).last("support", 100);
      assertTrue(
          runs.stream().anyMatch(run -> live.equals(run.artifact())) || runs.size() > 1,
          runs.toString());
    }
  }

  private Path config() throws IOException {
    return Files.writeString(
        folder.resolve("tierwise.yaml"),
        """
        server: {port: 0}
        upstreams:
          model: {url: 'http://127.0.0.1:%d'}
        tasks:
          - name: support
            labels: [refund, delivery]
            contract: {epsilon: 0.1, delta: 0.1}
            audit: {shutRate: 0.5, openRate: 1}
            large: {upstream: model, price: gpt-4o-mini}
            flywheel: {enabled: true, newRows: 60, canaryShare: 0.5, canaryAudits: 10}
        """
            .formatted(model.getAddress().getPort()));
  }

  /** What observed traffic leaves behind, so that the first turn has a job to start. */
  private void gather() {
    Path data = folder.resolve("data");
    try (Database database = Database.open(data)) {
      CorpusStore corpus =
          CorpusStore.open(
              database, Clock.systemUTC(), CorpusStore.keyFile(data), new SecureRandom());
      for (int i = 0; i < 200; i++) {
        boolean parcel = i % 2 == 0;
        Label label = new Label(parcel ? "delivery" : "refund");
        corpus.add(
            new Tenant("default"),
            "support",
            new Input.Text((parcel ? "my parcel number " : "please refund order ") + i),
            label,
            Distribution.certain(label),
            i % 3 == 0,
            Duration.ofDays(1),
            "request-" + i);
      }
    }
  }
}
