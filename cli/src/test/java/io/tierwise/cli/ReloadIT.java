package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running {@code tierwise serve} follows its configuration, and says why when it does not. */
class ReloadIT {
  private static final String KEY_LINE = "First key (shown this once), tenant default: ";

  private static final String TRIAGE =
      """
        - name: triage
          labels: [urgent, calm]
          large: {upstream: other, price: gpt-4o-mini}
      """;

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private String url;
  private String key;

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void followsItsConfigurationWhileItRuns() throws Exception {
    try (InstantModel refund = new InstantModel("refund");
        InstantModel urgent = new InstantModel("urgent")) {
      Path file = write(text(refund));
      try (ServeProcess serve = ServeProcess.start(file)) {
        key = serve.await(line -> line.startsWith(KEY_LINE)).substring(KEY_LINE.length());
        url = serve.url();
        assertEquals(200, ask("support").statusCode());
        assertEquals(404, ask("triage").statusCode());

        String more = text(refund) + TRIAGE;
        write(more.replace("tasks:", "  other: {url: " + urgent.url() + "}\ntasks:"));
        String line = serve.await(each -> each.contains("configuration reloaded"));
        assertTrue(line.endsWith("task triage new, upstream other new"), line);
        assertTrue(ask("triage").body().contains("\"urgent\""));
        assertEquals(200, ask("support").statusCode());

        write(text(refund).replace("epsilon: 0.1", "epsilon: 7"));
        serve.await(each -> each.contains("was not reloaded"));
        line = serve.await(each -> each.contains("epsilon"));
        assertTrue(line.startsWith(file + ":7: tasks[0].contract.epsilon: "), line);
        assertTrue(get("/metrics").contains("tierwise_config_ok 0"));
        assertEquals("{\"ready\":true}", get("/v2/health/ready"));
        assertEquals(200, ask("triage").statusCode());

        write(text(refund).replace("port: 0", "port: 1"));
        serve.await(each -> each.contains("was not reloaded"));
        line = serve.await(each -> each.contains("server.port"));
        assertEquals(
            file
                + ":1: server.port: it cannot change while the gateway runs, from 0 to 1;"
                + " restart the gateway, or put 0 back",
            line);

        write(text(refund));
        line = serve.await(each -> each.contains("configuration reloaded"));
        assertTrue(line.endsWith("task triage gone, upstream other gone"), line);
        assertEquals(404, ask("triage").statusCode());
        assertTrue(get("/metrics").contains("tierwise_config_ok 1"));
      }
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void endsAtOnceWhereItsPortIsTaken() throws Exception {
    try (InstantModel model = new InstantModel("refund")) {
      String port = model.url().substring(model.url().lastIndexOf(':') + 1);
      Path file = write(text(model).replace("port: 0", "port: " + port));
      try (ServeProcess serve = ServeProcess.start(file)) {
        assertEquals(1, serve.end());
        assertTrue(
            serve
                .said()
                .contains(
                    "tierwise: server.port: 127.0.0.1:"
                        + port
                        + " is taken by another program; stop that program, or set another port;"
                        + " 0 picks a free one"),
            serve.said().toString());
      }
    }
  }

  private static String text(InstantModel model) {
    return """
    server: {port: 0}
    upstreams:
      model: {url: %s}
    tasks:
      - name: support
        labels: [refund, delivery]
        contract: {epsilon: 0.1}
        large: {upstream: model, price: gpt-4o-mini}
    """
        .formatted(model.url());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("tierwise.yaml"), text);
  }

  private HttpResponse<String> ask(String task) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
            .header("authorization", "Bearer " + key)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\": \"%s\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}"
                        .formatted(task)))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private String get(String path) throws IOException, InterruptedException {
    return http.send(
            HttpRequest.newBuilder(URI.create(url + path)).build(), BodyHandlers.ofString())
        .body();
  }
}
