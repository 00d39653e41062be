package io.tierwise.cli.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests as KServe's "Open Inference Protocol (V2)" writes them, and answers held to its schemas:
 * which members an answer must have, may have, and of which kinds.
 */
class OpenInferenceProtocolIT {
  private static final Set<String> DATATYPES =
      Set.of(
          "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16",
          "FP32", "FP64", "BYTES");

  @TempDir private Path folder;
  private RunningGateway running;
  private RawClient client;
  private final Exchange exchange = new Exchange();

  @BeforeEach
  void start() {
    running = new RunningGateway(folder, Setup.USUAL);
    running.upstream.echoing();
    client = new RawClient(running.server().port(), running.key());
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private JsonNode get(int status, String path) throws IOException {
    return ask(status, "GET", path, "");
  }

  private JsonNode ask(int status, String method, String path, String body) throws IOException {
    RawClient.Reply reply = client.send(method, path, body.getBytes(StandardCharsets.UTF_8));
    exchange.add(
        method + " " + path + (body.isEmpty() ? "" : "\n" + body.strip()),
        reply.status() + " " + reply.body());
    assertEquals(status, reply.status(), reply.body());
    assertTrue(reply.head().toLowerCase(Locale.ROOT).contains("application/json"));
    return reply.json();
  }

  @Test
  void answersAsTheProtocolsDocumentSays() throws IOException {
    assertTrue(get(200, "/v2/health/live").path("live").asBoolean());
    assertTrue(get(200, "/v2/health/ready").path("ready").asBoolean());

    JsonNode server = get(200, "/v2");
    members(server, Set.of("name", "version", "extensions"), Set.of());

    JsonNode model = get(200, "/v2/models/support");
    assertEquals(model, get(200, "/v2/models/support/versions/1"));
    members(
        model, Set.of("name", "platform", "inputs", "outputs"), Set.of("versions", "parameters"));
    for (String side : List.of("inputs", "outputs")) {
      for (JsonNode tensor : model.path(side)) {
        members(tensor, Set.of("name", "datatype", "shape"), Set.of("parameters"));
        assertTrue(DATATYPES.contains(tensor.path("datatype").asText()));
      }
    }
    JsonNode ready = get(200, "/v2/models/support/ready");
    members(ready, Set.of("name", "ready"), Set.of());
    assertTrue(ready.path("ready").asBoolean());

    JsonNode plain =
        ask(
            200,
            "POST",
            "/v2/models/support/infer",
            """
            {"id": "42", "inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["refund"]}]}
            """);
    inference(plain, 1);
    assertEquals("42", plain.path("id").asText());
    assertEquals("refund", output(plain, "label").path("data").path(0).asText());

    JsonNode batch =
        ask(
            200,
            "POST",
            "/v2/models/support/versions/1/infer",
            """
            {"inputs": [{"name": "text", "shape": [3, 1], "datatype": "BYTES",
              "parameters": {"content_type": "str"}, "data": [["refund"], ["delivery"], ["other"]]}],
             "outputs": [{"name": "label"}, {"name": "confidence"}]}
            """);
    inference(batch, 3);
    assertEquals(2, batch.path("outputs").size());
    assertEquals(
        "[\"refund\",\"delivery\",\"other\"]", output(batch, "label").path("data").toString());
    assertEquals("[1.0,1.0,1.0]", output(batch, "confidence").path("data").toString());

    error(
        ask(
            400,
            "POST",
            "/v2/models/support/infer",
            "{\"inputs\": [{\"name\": \"text\", \"shape\": [2], \"datatype\": \"BYTES\", \"data\":"
                + " [\"refund\"]}]}"));
    error(get(404, "/v2/models/nothing"));
    error(get(404, "/v2/models/support/versions/2/ready"));
    running.upstream.then(ScriptedUpstream.status(500));
    error(
        ask(
            503,
            "POST",
            "/v2/models/support/infer",
            "{\"inputs\": [{\"name\": \"text\", \"shape\": [1], \"datatype\": \"BYTES\", \"data\":"
                + " [\"a text nobody asked before\"]}]}"));
    exchange.show("exchange-open-inference");
  }

  /** {@code $inference_response} */
  private static void inference(JsonNode response, int rows) {
    members(response, Set.of("model_name", "outputs"), Set.of("model_version", "id", "parameters"));
    for (JsonNode output : response.path("outputs")) {
      members(output, Set.of("name", "shape", "datatype", "data"), Set.of("parameters"));
      assertTrue(DATATYPES.contains(output.path("datatype").asText()));
      assertEquals(rows, output.path("shape").path(0).asInt());
      int elements = 1;
      for (JsonNode dimension : output.path("shape")) {
        elements *= dimension.asInt();
      }
      assertEquals(elements, output.path("data").size());
    }
  }

  private static JsonNode output(JsonNode response, String name) {
    for (JsonNode output : response.path("outputs")) {
      if (output.path("name").asText().equals(name)) {
        return output;
      }
    }
    return new ObjectMapper().missingNode();
  }

  /** {@code $inference_error_response} */
  private static void error(JsonNode response) {
    members(response, Set.of("error"), Set.of());
    assertTrue(response.path("error").isTextual());
  }

  private static void members(JsonNode object, Set<String> required, Set<String> optional) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    assertTrue(names.containsAll(required), names + " has not all of " + required);
    names.removeAll(required);
    assertTrue(optional.containsAll(names), names + " is more than " + optional);
  }
}
