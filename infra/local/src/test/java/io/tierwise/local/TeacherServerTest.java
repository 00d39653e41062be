package io.tierwise.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.EncoderClassifier;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.onnx.Graphs;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TeacherServerTest {
  private static final String TEXT = "Where is my parcel?";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static Artifact artifact;
  private static TeacherServer server;
  private static HttpClient client;
  private static Prediction expected;

  @BeforeAll
  static void start() throws IOException {
    artifact =
        ArtifactWriter.write(
            directory.resolve("teacher"),
            Artifacts.encoderHead("support", List.of("refund", "delivery", "other")),
            Map.of("model.onnx", Graphs.linear(weights(), new float[3])));
    server = TeacherServer.start(new TeacherOptions("127.0.0.1", 0, artifact.directory(), 2));
    client = HttpClient.newHttpClient();
    try (EncoderClassifier teacher =
        EncoderClassifier.load(artifact, SentenceEncoder.bgeSmall(1))) {
      expected = teacher.predict(TEXT);
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @Test
  void answersAChatCompletionWithTheLabelAndItsUsage() throws Exception {
    JsonNode answer = ok(chat("\"" + TEXT + "\"", ""));

    assertEquals("chat.completion", answer.path("object").asText());
    assertEquals("support", answer.path("model").asText());
    assertEquals(artifact.manifest().version(), answer.path("system_fingerprint").asText());
    JsonNode choice = answer.path("choices").path(0);
    assertEquals("assistant", choice.path("message").path("role").asText());
    assertEquals(expected.label(), new Label(choice.path("message").path("content").asText()));
    assertEquals("stop", choice.path("finish_reason").asText());
    assertTrue(choice.path("logprobs").isNull());
    assertEquals(
        JSON.readTree("{\"prompt_tokens\":7,\"completion_tokens\":1,\"total_tokens\":8}"),
        answer.path("usage"));
  }

  @Test
  void readsTheLastUserMessageAlsoInParts() throws Exception {
    String parts = "[{\"type\":\"text\",\"text\":\"" + TEXT + "\"}]";

    JsonNode answer =
        ok(
            post(
                "/v1/chat/completions",
                """
                {"model": "support", "messages": [
                  {"role": "system", "content": "Classify."},
                  {"role": "user", "content": "Something else entirely"},
                  {"role": "assistant", "content": "other"},
                  {"role": "user", "content": %s}]}
                """
                    .formatted(parts)));

    assertEquals(7, answer.path("usage").path("prompt_tokens").asInt());
  }

  @Test
  void givesTheWholeDistributionAsLogprobsFromTheMostProbableDown() throws Exception {
    JsonNode token = token(ok(chat("\"" + TEXT + "\"", ", \"logprobs\": true")));

    assertEquals(expected.label().value(), token.path("token").asText());
    List<JsonNode> top =
        StreamSupport.stream(token.path("top_logprobs").spliterator(), false).toList();
    assertEquals(3, top.size());
    double above = 1;
    for (JsonNode each : top) {
      int label = artifact.manifest().labels().indexOf(each.path("token").asText());
      double probability = Math.exp(each.path("logprob").asDouble());
      assertEquals(expected.distribution().probability(label), probability, 1e-9);
      assertTrue(probability <= above);
      above = probability;
    }
    assertEquals(top.getFirst().path("logprob"), token.path("logprob"));
    assertEquals(
        new String(JSON.convertValue(token.path("bytes"), byte[].class), UTF_8),
        expected.label().value());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "2, 2", "20, 3"})
  void givesAsManyLogprobsAsAreAskedFor(int asked, int given) throws Exception {
    JsonNode token =
        token(ok(chat("\"" + TEXT + "\"", ", \"logprobs\": true, \"top_logprobs\": " + asked)));

    assertEquals(given, token.path("top_logprobs").size());
  }

  @Test
  void answersInvocationsInTheirOrder() throws Exception {
    JsonNode answer = ok(post("/invocations", "{\"inputs\": [\"hello\", \"" + TEXT + "\"]}"));

    assertEquals("support", answer.path("model").asText());
    assertEquals(artifact.manifest().version(), answer.path("version").asText());
    assertEquals(2, answer.path("outputs").size());
    JsonNode second = answer.path("outputs").path(1);
    assertEquals(expected.label().value(), second.path("label").asText());
    for (int label = 0; label < 3; label++) {
      assertEquals(
          expected.distribution().probability(label),
          second.path("probabilities").path(artifact.manifest().labels().get(label)).asDouble(),
          1e-9);
    }
    assertEquals(
        JSON.readTree("{\"prompt_tokens\":10,\"completion_tokens\":2}"), answer.path("usage"));
  }

  @Test
  void saysWhichModelItServes() throws Exception {
    JsonNode models = ok(get("/v1/models"));

    assertEquals("list", models.path("object").asText());
    assertEquals("support", models.path("data").path(0).path("id").asText());
    assertEquals(200, get("/ping").statusCode());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "^^|body",
        "hello|body",
        "[]|body",
        "{\"model\":\"support\",\"model\":\"x\"}|body",
        "{\"messages\":[]}|model",
        "{\"model\":\"support\"}|messages",
        "{\"model\":\"support\",\"messages\":{}}|messages",
        "{\"model\":\"support\",\"messages\":[]}|messages",
        "{\"model\":\"support\",\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}|messages",
        "{\"model\":\"support\",\"messages\":[{\"role\":\"user\"}]}|messages[0].content",
        "{\"model\":\"support\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + " \"}]}|messages[0].content",
        "{\"model\":\"support\",\"messages\":[{\"role\":\"user\",\"content\":[7]}]}|messages[0].content[0]",
        "{\"model\":\"support\",\"stream\":true}|stream",
        "{\"model\":\"support\",\"n\":2}|n",
        "{\"model\":\"support\",\"logprobs\":1}|logprobs",
        "{\"model\":\"support\",\"top_logprobs\":2}|top_logprobs",
        "{\"model\":\"support\",\"logprobs\":true,\"top_logprobs\":21}|top_logprobs"
      })
  void refusesABadCompletionAndNamesTheField(String body, String field) throws Exception {
    assertRefused(400, field, post("/v1/chat/completions", body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{}|inputs",
        "{\"inputs\":\"text\"}|inputs",
        "{\"inputs\":[]}|inputs",
        "{\"inputs\":[\"a\",\"\\t\"]}|inputs[1]",
        "{\"inputs\":[1]}|inputs[0]"
      })
  void refusesABadInvocationAndNamesTheField(String body, String field) throws Exception {
    assertRefused(400, field, post("/invocations", body));
  }

  @Test
  void refusesAModelThatItDoesNotServe() throws Exception {
    HttpResponse<String> refused =
        post(
            "/v1/chat/completions",
            "{\"model\":\"gpt\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

    assertRefused(404, "model", refused);
    assertEquals(
        "'model' is 'gpt'; this teacher knows 'support'.", error(refused).path("message").asText());
  }

  @Test
  void refusesABodyOfMoreThanAMebibyte() throws Exception {
    String text = "a".repeat(1 << 20);

    assertRefused(413, "body", post("/invocations", "{\"inputs\":[\"" + text + "\"]}"));
    assertEquals(200, get("/ping").statusCode());
  }

  @Test
  void readsABodyOfExactlyAMebibyte() throws Exception {
    String around = "{\"inputs\":[\"\"]}";
    String text = "a".repeat((1 << 20) - around.length());

    assertEquals(200, post("/invocations", "{\"inputs\":[\"" + text + "\"]}").statusCode());
  }

  @Test
  void refusesABodyThatIsNestedTooDeep() throws Exception {
    assertRefused(400, "body", post("/invocations", "[".repeat(33) + "]".repeat(33)));
  }

  @Test
  void refusesMoreThan256Inputs() throws Exception {
    String inputs = "\"a\",".repeat(256) + "\"a\"";

    assertRefused(400, "inputs", post("/invocations", "{\"inputs\":[" + inputs + "]}"));
  }

  @Test
  void refusesOtherPathsAndMethods() throws Exception {
    assertEquals(404, get("/v1/embeddings").statusCode());
    assertEquals(405, get("/invocations").statusCode());
    assertEquals(405, post("/v1/models", "{}").statusCode());
  }

  @Test
  void refusesToStartOnADamagedArtifact() throws IOException {
    Path damaged = directory.resolve("damaged");
    ArtifactWriter.write(
        damaged,
        Artifacts.encoderHead("support", List.of("a", "b", "c")),
        Map.of("model.onnx", Graphs.linear(weights(), new float[3])));
    Files.write(damaged.resolve("model.onnx"), new byte[] {1});

    assertThrows(
        InvalidValueException.class,
        () -> TeacherServer.start(new TeacherOptions("127.0.0.1", 0, damaged, 1)));
  }

  @Test
  void refusesToStartOnAPortThatIsTaken() {
    TeacherOptions taken = new TeacherOptions("127.0.0.1", server.port(), artifact.directory(), 1);

    assertThrows(BindException.class, () -> TeacherServer.start(taken));
  }

  @Test
  void closingLetsTheRequestUnderWayEnd() throws Exception {
    TeacherServer closing =
        TeacherServer.start(new TeacherOptions("127.0.0.1", 0, artifact.directory(), 1));
    try (HeldRequest held = HeldRequest.post(closing.port(), "/invocations")) {
      Thread closer = Thread.startVirtualThread(closing::close);
      held.awaitNoNewConnections();
      assertTrue(closer.isAlive());

      String answer = held.finish("{\"inputs\":[\"hello\"]}");

      assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
      assertTrue(answer.contains("\"outputs\""), answer);
      closer.join();
    }
  }

  private static float[][] weights() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
    float[][] weights = new float[384][3];
    for (float[] row : weights) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return weights;
  }

  private static HttpResponse<String> chat(String content, String more) throws Exception {
    return post(
        "/v1/chat/completions",
        "{\"model\":\"support\",\"messages\":[{\"role\":\"user\",\"content\":%s}]%s}"
            .formatted(content, more));
  }

  private static JsonNode token(JsonNode answer) {
    return answer.path("choices").path(0).path("logprobs").path("content").path(0);
  }

  private static JsonNode ok(HttpResponse<String> response) throws IOException {
    assertEquals(200, response.statusCode(), response.body());
    return JSON.readTree(response.body());
  }

  private static void assertRefused(int status, String field, HttpResponse<String> response)
      throws IOException {
    assertEquals(status, response.statusCode(), response.body());
    JsonNode error = error(response);
    assertEquals("invalid_request_error", error.path("type").asText());
    assertEquals(field, error.path("param").asText());
    assertFalse(error.path("message").asText().isBlank());
    assertFalse(error.path("code").asText().isBlank());
  }

  private static JsonNode error(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body()).path("error");
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
