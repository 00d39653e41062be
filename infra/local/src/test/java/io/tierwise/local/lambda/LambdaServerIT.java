package io.tierwise.local.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes are real processes under AWS's own client; nothing here is imitated in between. */
class LambdaServerIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path work;
  private LambdaServer server;

  @BeforeEach
  void start() throws IOException {
    Path folder = Files.createDirectories(work.resolve("package"));
    String name = SampleHandler.class.getName().replace('.', '/') + ".class";
    Path target = folder.resolve(name);
    Files.createDirectories(target.getParent());
    try (var in = SampleHandler.class.getClassLoader().getResourceAsStream(name)) {
      Files.copy(in, target);
    }
    server =
        LambdaServer.start(
            List.of(
                function("sample", folder, 1, Map.of()),
                function("broken", folder, 1, Map.of("FAIL", "init"))),
            work.resolve("logs"),
            0);
  }

  private static FunctionSettings function(
      String name, Path folder, int concurrency, Map<String, String> environment) {
    return new FunctionSettings(
        name,
        folder,
        SampleHandler.class.getName(),
        256,
        Duration.ofSeconds(2),
        concurrency,
        environment,
        true,
        List.of());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Outcome invoke(String event) throws InterruptedException {
    return server.invoke("sample", event.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode json(Outcome outcome) throws IOException {
    return JSON.readTree(outcome.payload());
  }

  @Test
  void theFirstEventStartsASandboxAndTheNextFindsItWarm() throws Exception {
    Outcome cold = invoke("\"one\"");
    Outcome warm = invoke("\"two\"");

    assertNull(cold.functionError(), () -> new String(cold.payload(), StandardCharsets.UTF_8));
    assertNotNull(cold.initialised());
    assertNull(warm.initialised());
    assertEquals(1, json(cold).path("count").asInt());
    assertEquals(2, json(warm).path("count").asInt());
    assertEquals(json(cold).path("pid"), json(warm).path("pid"));
    assertEquals("two", json(warm).path("echo").asText());
    assertEquals(256, json(warm).path("memory").asInt());
  }

  @Test
  void whatTakesTooLongIsKilledAndTheNextEventStartsAFreshSandbox() throws Exception {
    Outcome before = invoke("1");
    Outcome late = invoke("\"hang\"");
    Outcome after = invoke("2");

    assertEquals("Unhandled", late.functionError());
    assertTrue(
        json(late).path("errorMessage").asText().endsWith("Task timed out after 2.00 seconds"));
    assertNotNull(after.initialised());
    assertNotEquals(json(before).path("pid"), json(after).path("pid"));
  }

  @Test
  void anExceptionIsTheEventsErrorAndTheSandboxLivesOn() throws Exception {
    Outcome failed = invoke("\"throw\"");

    assertEquals("Unhandled", failed.functionError());
    assertEquals("as told", json(failed).path("errorMessage").asText());
    assertNull(invoke("1").initialised());
  }

  @Test
  void aProcessThatEndsIsAnErrorWithItsStatus() throws Exception {
    Outcome dead = invoke("\"die\"");

    assertEquals("Runtime.ExitError", json(dead).path("errorType").asText());
    assertEquals(
        "Runtime exited with error: exit status 3", json(dead).path("errorMessage").asText());
  }

  @Test
  void aFunctionThatCannotStartSaysWhy() throws Exception {
    Outcome failed = server.invoke("broken", "1".getBytes(StandardCharsets.UTF_8));

    assertEquals("Unhandled", failed.functionError());
    assertTrue(
        new String(failed.payload(), StandardCharsets.UTF_8).contains("no such model"),
        () -> new String(failed.payload(), StandardCharsets.UTF_8));
  }

  @Test
  void moreThanTheConcurrencyIsThrottled() throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      invoke("1");
      Future<Outcome> busy = executor.submit(() -> invoke("\"hang\""));
      Path log = work.resolve("logs/sample.log");
      while (!Files.exists(log) || server.sandboxesAtWork() == 0) {
        Thread.onSpinWait();
      }
      assertThrows(ThrottledException.class, () -> invoke("2"));
      assertEquals("Unhandled", busy.get().functionError());
    }
  }

  @Test
  void theInvokeApiAnswersWithTheStatusAndHeadersThatTheSdkReads() throws Exception {
    assertEquals(200, post("sample", "1").statusCode());
    assertEquals(200, post("sample:live", "1").statusCode());
    HttpResponse<String> failed = post("sample", "\"throw\"");
    assertEquals("Unhandled", failed.headers().firstValue("x-amz-function-error").orElse(""));
    assertEquals(404, post("nobody", "1").statusCode());
    assertEquals(413, post("sample", "\"" + "x".repeat(7 << 20) + "\"").statusCode());
  }

  private HttpResponse<String> post(String function, String event) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create(server.url() + "/2015-03-31/functions/" + function + "/invocations"))
              .POST(HttpRequest.BodyPublishers.ofString(event))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
