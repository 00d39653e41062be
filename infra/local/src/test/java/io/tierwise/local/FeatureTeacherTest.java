package io.tierwise.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Shape;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A teacher that reads feature vectors. */
class FeatureTeacherTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static Artifact artifact;
  private static TeacherServer server;
  private static HttpClient client;

  @BeforeAll
  static void start() throws IOException {
    artifact =
        ArtifactWriter.write(
            directory.resolve("teacher"),
            Artifacts.draft("digits", Shape.MLP, "features/2", List.of("low", "high")),
            Map.of("model.onnx", Graphs.linear(new float[][] {{0, 1}, {0, 1}}, new float[2])));
    server = TeacherServer.start(new TeacherOptions("127.0.0.1", 0, artifact.directory(), 1));
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return client.send(
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void answersVectorsInTheirOrderAndCountsNoTokens() throws Exception {
    JsonNode answer =
        JSON.readTree(post("/invocations", "{\"inputs\": [[-1, -2.5], [3, 0]]}").body());

    assertEquals("digits", answer.path("model").asText());
    assertEquals(artifact.manifest().version(), answer.path("version").asText());
    assertEquals("low", answer.at("/outputs/0/label").asText());
    assertEquals("high", answer.at("/outputs/1/label").asText());
    assertEquals(
        1 / (1 + Math.exp(-3)), answer.at("/outputs/1/probabilities/high").asDouble(), 1e-6);
    assertFalse(answer.has("usage"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{\"inputs\": [\"hi\"]}` | inputs[0] | must be a list of 2 numbers.",
        "`{\"inputs\": [[1, 2], [1]]}` | inputs[1] | must be a list of 2 numbers.",
        "`{\"inputs\": [[]]}` | inputs[0] | must be a list of 2 numbers.",
        "`{\"inputs\": [1, 2]}` | inputs[0] | must be a list of 2 numbers.",
        "`{\"inputs\": [[1, \"2\"]]}` | inputs[0][1] | must be a finite number in single precision.",
        "`{\"inputs\": [[1, 1e99]]}` | inputs[0][1] | must be a finite number in single precision."
      })
  void refusesWhatIsNoVectorOfItsLength(String body, String field, String trouble)
      throws Exception {
    HttpResponse<String> refused = post("/invocations", body);

    assertEquals(400, refused.statusCode());
    JsonNode error = JSON.readTree(refused.body()).path("error");
    assertEquals(field, error.path("param").asText());
    assertEquals("'" + field + "' " + trouble, error.path("message").asText());
  }

  @Test
  void sendsChatsToItsOtherPath() throws Exception {
    HttpResponse<String> refused =
        post(
            "/v1/chat/completions",
            "{\"model\":\"digits\",\"messages\":[{\"role\":\"user\",\"content\":\"1\"}]}");

    assertEquals(400, refused.statusCode());
    assertEquals("model", JSON.readTree(refused.body()).at("/error/param").asText());
  }

  @Test
  void refusesToStartOnABag() throws IOException {
    Path bag = directory.resolve("bag");
    Artifacts.unloadable(bag, "digits", 1);

    InvalidValueException refusal =
        assertThrows(
            InvalidValueException.class,
            () -> TeacherServer.start(new TeacherOptions("127.0.0.1", 0, bag, 1)));
    assertEquals("give an encoder-head or an mlp", refusal.fix());
  }
}
