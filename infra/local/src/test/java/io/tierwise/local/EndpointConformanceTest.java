package io.tierwise.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.onnx.Graphs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the gateway relies on in a large endpoint, whoever serves it: the local teacher, or, with
 * {@code -Dtierwise.endpoint=URL}, any other.
 */
class EndpointConformanceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static TeacherServer teacher;
  private static HttpClient client;
  private static String url;

  @BeforeAll
  static void start() throws IOException {
    client = HttpClient.newHttpClient();
    url = System.getProperty("tierwise.endpoint");
    if (url == null) {
      float[][] head = new float[384][2];
      head[0][1] = 1;
      Artifact artifact =
          ArtifactWriter.write(
              directory.resolve("teacher"),
              Artifacts.encoderHead("support", List.of("refund", "other")),
              Map.of("model.onnx", Graphs.linear(head, new float[2])));
      teacher = TeacherServer.start(new TeacherOptions("127.0.0.1", 0, artifact.directory(), 1));
      url = "http://127.0.0.1:" + teacher.port();
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    if (teacher != null) {
      teacher.close();
    }
  }

  private static HttpResponse<String> post(String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url + "/invocations"))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode ok(String body) throws Exception {
    HttpResponse<String> response = post(body);
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  @Test
  void saysThatItIsThere() throws Exception {
    HttpResponse<String> ping =
        client.send(
            HttpRequest.newBuilder(URI.create(url + "/ping")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertEquals(200, ping.statusCode());
  }

  @Test
  void answersEveryTextInItsOrderWithALabelAndItsDistribution() throws Exception {
    JsonNode both = ok("{\"inputs\": [\"Where is my parcel?\", \"I want my money back\"]}");
    JsonNode second = ok("{\"inputs\": [\"I want my money back\"]}");

    assertTrue(both.path("model").isTextual());
    assertTrue(both.path("version").isTextual());
    assertEquals(2, both.path("outputs").size());
    for (JsonNode output : both.path("outputs")) {
      double sum = 0;
      double most = 0;
      for (JsonNode probability : output.path("probabilities")) {
        sum += probability.asDouble();
        most = Math.max(most, probability.asDouble());
      }
      assertEquals(1, sum, 1e-3);
      String label = output.path("label").asText();
      assertEquals(most, output.path("probabilities").path(label).asDouble());
    }
    assertEquals(second.at("/outputs/0/label").asText(), both.at("/outputs/1/label").asText());
  }

  @Test
  void countsWhatItUsed() throws Exception {
    JsonNode usage = ok("{\"inputs\": [\"Where is my parcel?\"]}").path("usage");
    assertTrue(usage.path("prompt_tokens").asInt() > 0);
    assertEquals(1, usage.path("completion_tokens").asInt());
  }

  @Test
  void refusesWhatIsNoListOfTexts() throws Exception {
    for (String body : List.of("{", "{}", "{\"inputs\": []}", "{\"inputs\": [1]}")) {
      int status = post(body).statusCode();
      assertTrue(status >= 400 && status < 500, body + ": " + status);
    }
  }
}
