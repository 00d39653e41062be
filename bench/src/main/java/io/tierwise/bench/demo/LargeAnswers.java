package io.tierwise.bench.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.demo.Stream.Utterance;
import io.tierwise.distill.Progress;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The measuring stick: what the large model says to every text, asked of it directly. Outside the
 * gateway, so it is neither on the bill nor on any request's way.
 */
final class LargeAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCH = 32;

  private LargeAnswers() {}

  static Map<String, Label> ask(String teacherUrl, List<Utterance> utterances, Progress progress)
      throws IOException {
    List<String> texts = utterances.stream().map(Utterance::text).distinct().toList();
    Map<String, Label> answers = new HashMap<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int from = 0; from < texts.size(); from += BATCH) {
        List<String> batch = texts.subList(from, Math.min(from + BATCH, texts.size()));
        JsonNode outputs = invoke(client, teacherUrl, batch);
        for (int i = 0; i < batch.size(); i++) {
          answers.put(batch.get(i), new Label(outputs.get(i).get("label").textValue()));
        }
        progress.report("asking the large model for comparison", answers.size(), texts.size());
      }
    }
    return answers;
  }

  private static JsonNode invoke(HttpClient client, String url, List<String> texts)
      throws IOException {
    ObjectNode body = JSON.createObjectNode();
    texts.forEach(body.putArray("inputs")::add);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/invocations"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IOException(
            "the large model answered " + response.statusCode() + ": " + response.body());
      }
      return JSON.readTree(response.body()).get("outputs");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking the large model", e);
    }
  }
}
