package io.tierwise.distill.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tierwise.distill.Progress;
import io.tierwise.distill.label.ConfiguredModel;
import io.tierwise.distill.label.LabelJob;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import io.tierwise.router.cost.Money;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worker JVMs that ask a real HTTP endpoint, which counts what it is asked. */
class SparkLabelIT {
  private static final int ROWS = 80;
  private static final Pattern NUMBER = Pattern.compile("question (\\d+)");
  private static final Task.Classification TASK =
      new Task.Classification("toy", List.of(new Label("even"), new Label("odd")));

  @TempDir private Path directory;

  private final AtomicInteger asked = new AtomicInteger();
  private final ExecutorService threads =
      java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private Path config;
  private Path data;

  /** The question, counted from 1, upon which a worker is killed before it is answered. */
  private volatile int fatal;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
    Files.writeString(
        directory.resolve("prices.yaml"),
        """
        region: us-east-1
        prices:
          - {id: call, effectiveFrom: 2026-01-01, source: test, unit: per-request, perRequest: '0.01'}
        """);
    config =
        Files.writeString(
            directory.resolve("tierwise.yaml"),
            """
            upstreams:
              large: {url: 'http://127.0.0.1:%d', protocol: invocations}
            prices: {files: [prices.yaml]}
            tasks:
              - name: toy
                labels: [even, odd]
                large: {upstream: large, price: call}
            """
                .formatted(server.getAddress().getPort()));
    data =
        Files.writeString(
            directory.resolve("questions.jsonl"),
            IntStream.range(0, ROWS)
                .mapToObj(i -> "{\"text\":\"question %d\",\"id\":%d}\n".formatted(i, i))
                .collect(Collectors.joining()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (asked.incrementAndGet() == fatal) {
      Executors.killOne();
    }
    Matcher number = NUMBER.matcher(body);
    boolean even = number.find() && Integer.parseInt(number.group(1)) % 2 == 0;
    byte[] reply =
        """
        {"outputs": [{"label": "%s", "probabilities": {"even": %s, "odd": %s}}],
         "usage": {"prompt_tokens": 3, "completion_tokens": 1}}
        """
            .formatted(even ? "even" : "odd", even ? 0.75 : 0.25, even ? 0.25 : 0.75)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    try (exchange) {
      exchange.sendResponseHeaders(200, reply.length);
      exchange.getResponseBody().write(reply);
    }
  }

  private LabelJob.Summary label(Engine engine, String answers, String budget) throws IOException {
    return LabelJob.run(
        new LabelJob.Spec(
            TASK, data, directory.resolve(answers), Money.of(budget), Duration.ofSeconds(60)),
        new ConfiguredModel(config.toString(), "toy"),
        engine,
        Progress.SILENT);
  }

  private byte[] local() throws IOException {
    try (Engine engine = Engine.local()) {
      assertEquals(
          new LabelJob.Summary(ROWS, 0, 0, 0, 0, Money.of("0.80")), label(engine, "here", "10"));
    }
    asked.set(0);
    return Files.readAllBytes(directory.resolve("here"));
  }

  @Test
  void workersWriteWhatOneProcessWritesAndGoOnWhereTheyWereCutOff() throws IOException {
    byte[] expected = local();
    try (Engine spark = Engines.open("spark", 2)) {
      LabelJob.Summary summary = label(spark, "there", "0.45");
      int first = summary.asked();
      // Each of two workers may be on its last question when the budget is spent.
      assertTrue(first >= 45 && first <= 47, first + " asked");
      assertEquals(ROWS - first, summary.left());
      assertEquals(first, asked.get());
      assertEquals(Money.of("0.01").times(first), summary.cost());

      LabelJob.Summary rest = label(spark, "there", "10");
      assertEquals(first, rest.reused());
      assertEquals(ROWS - first, rest.asked());
      assertEquals(ROWS, asked.get());
      label(spark, "whole", "10");
    }
    assertEquals(ROWS, Files.readAllLines(directory.resolve("there")).size());
    assertArrayEquals(expected, Files.readAllBytes(directory.resolve("whole")));
  }

  @Test
  void aKilledWorkerCostsItsBatchOnceMoreAndTheSummarySaysSo() throws IOException {
    byte[] expected = local();
    fatal = 40;
    LabelJob.Summary summary;
    try (Engine spark = Engines.open("spark", 2)) {
      summary = label(spark, "there", "10");
    }
    assertArrayEquals(expected, Files.readAllBytes(directory.resolve("there")));
    assertEquals(ROWS, summary.asked());
    assertTrue(summary.repeated() > 0 && summary.repeated() <= 16, summary.repeated() + " twice");
    // What was charged twice is counted, so the sum is never less than what was paid.
    assertTrue(asked.get() > ROWS - 1, asked + " asked");
    assertTrue(
        summary.cost().compareTo(Money.of("0.01").times(asked.get())) >= 0, summary.cost() + "");
    assertEquals(Money.of("0.01").times(ROWS + summary.repeated()), summary.cost());
  }
}
