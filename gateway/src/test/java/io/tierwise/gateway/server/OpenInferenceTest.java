package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.gateway.testing.Students;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Open Inference Protocol over a socket. */
class OpenInferenceTest {
  private static final String MODEL = "/v2/models/support";

  @TempDir private Path folder;
  private RunningGateway running;

  @BeforeEach
  void start() {
    running = new RunningGateway(folder, Setup.USUAL);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private Answer infer(String body, String... headers) {
    return running.postTo(MODEL + "/infer", body, headers);
  }

  private static String texts(String... texts) {
    String data =
        List.of(texts).stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
    return """
    {"inputs": [{"name": "text", "shape": [%d], "datatype": "BYTES", "data": [%s]}]}
    """
        .formatted(texts.length, data);
  }

  @Test
  void describesTheServerAndItsModels() {
    assertEquals(
        "{\"name\":\"tierwise\",\"version\":\"0.1.0\",\"extensions\":[]}",
        running.get("/v2").response().body());
    String metadata =
        "{\"name\":\"support\",\"versions\":[\"1\"],\"platform\":\"tierwise\","
            + "\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[-1]}],"
            + "\"outputs\":[{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[-1]},"
            + "{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[-1,3]},"
            + "{\"name\":\"confidence\",\"datatype\":\"FP32\",\"shape\":[-1]}],"
            + "\"parameters\":{\"labels\":[\"refund\",\"delivery\",\"other\"]}}";
    assertEquals(metadata, running.get(MODEL).response().body());
    assertEquals(metadata, running.get(MODEL + "/versions/1").response().body());
  }

  @Test
  void tellsWhetherAModelIsReady() {
    String ready = "{\"name\":\"support\",\"ready\":true}";
    assertEquals(ready, running.get(MODEL + "/ready").response().body());
    assertEquals(ready, running.get(MODEL + "/versions/1/ready").response().body());
    running.gateway().close();
    // Without its store the gateway cannot even tell whose key it is.
    assertEquals(503, running.get(MODEL + "/ready").status());
    assertEquals(503, running.get("/v2/health/ready").status());
  }

  @Test
  void answersOneTextWithTheHeadersOfItsRequest() {
    Answer answer = infer(texts("I want my money back"));
    assertEquals(200, answer.status());
    String id = answer.header("x-tierwise-request-id");
    assertEquals(
        "{\"model_name\":\"support\",\"model_version\":\"1\",\"id\":\""
            + id
            + "\",\"outputs\":["
            + "{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"refund\"]},"
            + "{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[1,3],"
            + "\"data\":[1.0,0.0,0.0]},"
            + "{\"name\":\"confidence\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1.0]}]}",
        answer.response().body());
    assertEquals("large", answer.tier());
    assertEquals("1.0", answer.header("x-tierwise-confidence"));
    assertEquals("0.00006001", answer.header("x-tierwise-cost-usd"));
    assertEquals("false", answer.header("x-tierwise-degraded"));
    assertEquals(id, running.ledger().getLast().requestId());
  }

  @Test
  void answersAsAStudentWithItsOwnProbabilities() {
    String version = Students.publish(running, 0.25, 0.5, 0.25);
    Students.open(running, version, 0.4);
    running.gateway().refresh();
    Answer answer =
        infer(texts("where is it?").replace("{\"inputs\"", "{\"id\": \"mine\", \"inputs\""));
    assertEquals("student", answer.tier());
    assertEquals(version, answer.header("x-tierwise-artifact"));
    assertEquals("mine", answer.json().path("id").asText());
    assertEquals("[\"delivery\"]", answer.json().at("/outputs/0/data").toString());
    assertEquals("[0.25,0.5,0.25]", answer.json().at("/outputs/1/data").toString());
    assertEquals("[0.5]", answer.json().at("/outputs/2/data").toString());
  }

  @Test
  void answersABatchInItsOrderEachRowARequestOfItsOwn() {
    List<String> labels =
        IntStream.range(0, 12)
            .mapToObj(i -> List.of("refund", "delivery", "other").get(i % 3))
            .toList();
    running.upstream.echoing();
    Answer answer = infer(texts(labels.toArray(String[]::new)));
    assertEquals(200, answer.status());
    assertEquals(
        labels.stream().map(label -> '"' + label + '"').collect(Collectors.joining(",", "[", "]")),
        answer.json().at("/outputs/0/data").toString());
    assertEquals("[12,3]", answer.json().at("/outputs/1/shape").toString());
    assertNull(answer.tier());
    String id = answer.header("x-tierwise-request-id");
    assertEquals(
        IntStream.range(0, 12).mapToObj(i -> id + "-" + i).sorted().toList(),
        running.ledger().stream().map(entry -> entry.requestId()).sorted().toList());
  }

  @Test
  void refusesABatchOfWhichARowIsRefused() {
    running.upstream.then(
        ScriptedUpstream.answer("refund", 20, 1), ScriptedUpstream.answer("refund", 20, 1));
    running.upstream.otherwise(ScriptedUpstream.status(500));
    String[] texts = IntStream.range(0, 40).mapToObj(i -> "text " + i).toArray(String[]::new);
    Answer answer = infer(texts(texts));
    assertEquals(503, answer.status());
    assertEquals("1", answer.header("retry-after"));
    String error = answer.json().path("error").asText();
    assertTrue(error.matches("Row \\d: The large model is unavailable: it failed\\."), error);
    // Two are under way at once, so no more than one can have been begun beside the refused one.
    assertTrue(running.ledger().size() <= 4, () -> "rows begun: " + running.ledger().size());
  }

  @Test
  void readsNestedData() {
    Answer nested =
        infer(
            """
            {"inputs": [{"name": "text", "shape": [2, 1], "datatype": "BYTES",
              "data": [["one"], ["two"]], "parameters": {"content_type": "str"}}],
             "outputs": [{"name": "label"}]}
            """);
    assertEquals("[\"refund\",\"refund\"]", nested.json().at("/outputs/0/data").toString());
    assertEquals(1, nested.json().path("outputs").size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``              | The body of the request cannot be read as JSON: it is empty
          `{}`            | 'inputs' is missing: send one tensor.
          `{"inputs": []}` | 'inputs' must be a list of one tensor.
          `{"inputs": [1]}` | 'inputs[0]' must be an object.
          `{"inputs": [{"shape": [1], "datatype": "BYTES", "data": ["a"]}]}` | 'inputs[0].name' must be a string.
          `{"inputs": [{"name": "t", "shape": [1], "datatype": "INT8", "data": [1]}]}` | 'inputs[0].datatype' must be BYTES: this task reads texts.
          `{"inputs": [{"name": "t", "datatype": "BYTES", "data": ["a"]}]}` | 'inputs[0].shape' must be a list of whole numbers.
          `{"inputs": [{"name": "t", "shape": [0], "datatype": "BYTES", "data": []}]}` | 'inputs[0].shape' must hold whole numbers of at least 1.
          `{"inputs": [{"name": "t", "shape": [1, 2], "datatype": "BYTES", "data": ["a", "b"]}]}` | 'inputs[0].shape' must be [rows] or [rows, 1] for BYTES.
          `{"inputs": [{"name": "t", "shape": [129], "datatype": "BYTES", "data": ["a"]}]}` | 'inputs[0].shape' has 129 rows; at most 128 go.
          `{"inputs": [{"name": "t", "shape": [2], "datatype": "BYTES", "data": ["a"]}]}` | 'inputs[0].data' has 1 elements; the shape says 2.
          `{"inputs": [{"name": "t", "shape": [1], "datatype": "BYTES", "data": "a"}]}` | 'inputs[0].data' must be a list.
          `{"inputs": [{"name": "t", "shape": [1], "datatype": "BYTES", "data": [5]}]}` | 'inputs[0].data[0]' must be a string.
          `{"inputs": [{"name": "t", "shape": [1], "datatype": "BYTES", "data": [" "]}]}` | 'inputs[0].data[0]' is blank: send at least one visible character.
          `{"inputs": [{"name": "t", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]}` | 'inputs[0].datatype' must be BYTES: this task reads texts.
          `{"inputs": [{"name": "t", "shape": [1], "datatype": "BYTES", "parameters": {"binary_data_size": 3}}]}` | 'inputs[0].parameters.binary_data_size' is not supported: tensors are JSON only, without binary data.
          `{"inputs": [{"name": "t", "shape": [1], "datatype": "BYTES", "data": ["a"], "more": 1}]}` | 'inputs[0].more' is unknown.
          `{"inputs": [{"name": "t", "shape": [1], "datatype": "BYTES", "data": ["a"]}], "outputs": [{"name": "score"}]}` | 'outputs[0].name' must be label, probabilities or confidence.
          `{"inputs": [{"name": "t", "shape": [1], "datatype": "BYTES", "data": ["a"]}], "id": 5}` | 'id' must be a string of 1 to 128 characters.
          `{"model": "support"}` | 'model' is unknown.
          """)
  void refusesBadBodiesNamingTheField(String body, String expected) {
    Answer answer = infer(body);
    assertEquals(400, answer.status());
    assertEquals("{\"error\":\"" + expected + "\"}", answer.response().body());
    assertEquals(36, answer.header("x-tierwise-request-id").length());
  }

  @Test
  void refusesHeadersThatItCannotHonour() {
    assertEquals(
        "{\"error\":\"The header 'x-tierwise-policy' must be default, large-only or cheap-only.\"}",
        infer(texts("hi"), "x-tierwise-policy", "fastest").response().body());
    Answer binary = infer("{}", "Inference-Header-Content-Length", "2");
    assertEquals(400, binary.status());
    assertTrue(binary.json().path("error").asText().contains("inference-header-content-length"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/ready", "/infer"})
  void knowsItsModelsVersionsKeysAndMethods(String end) {
    String method = end.equals("/infer") ? "POST" : "GET";
    assertEquals(
        "404 {\"error\":\"The model `nothing` does not exist or you do not have access to it.\"}",
        call(method, "/v2/models/nothing" + end, running.key()));
    assertEquals(
        "404 {\"error\":\"The model `support` has no version `7`; its one version is 1.\"}",
        call(method, MODEL + "/versions/7" + end, running.key()));
    assertEquals(
        "401 {\"error\":\"The API key is unknown or revoked.\"}", call(method, MODEL + end, "x"));
    assertEquals(
        "405 {\"error\":\"This path knows " + method + ", not DELETE.\"}",
        call("DELETE", MODEL + end, running.key()));
    assertEquals(
        "404 {\"error\":\"There is nothing at this path.\"}",
        call("GET", "/v2/nothing", running.key()));
  }

  private String call(String method, String path, String key) {
    Answer answer =
        running.send(
            HttpRequest.newBuilder(URI.create(running.url() + path))
                .header("authorization", "Bearer " + key)
                .method(method, HttpRequest.BodyPublishers.ofString(texts("hi"))));
    return answer.status() + " " + answer.response().body();
  }
}
