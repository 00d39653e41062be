package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.FeedbackRow;
import io.tierwise.gateway.store.FeedbackStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Humans' corrections over a socket. */
class FeedbackTest {
  private static final String ID = "019ca912-6800-7abc-9def-0123456789ab";

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

  private Answer feedback(String id, String label) {
    return running.postTo(
        "/v1/feedback", "{\"request_id\": \"%s\", \"label\": \"%s\"}".formatted(id, label));
  }

  private List<FeedbackRow> rows() {
    try (Database database = Database.open(running.data)) {
      return new FeedbackStore(database, running.clock).rows();
    }
  }

  @Test
  void keepsACorrectionOfAnAnswerThatWasGiven() {
    String id = running.ask("where is my parcel?").header("x-tierwise-request-id");
    Answer answer = feedback(id, "delivery");
    assertEquals(202, answer.status());
    assertEquals(
        "{\"request_id\":\"" + id + "\",\"label\":\"delivery\"}", answer.response().body());
    assertEquals(
        List.of(new FeedbackRow(new Tenant("default"), id, new Label("delivery"), Requests.NOW)),
        rows());
  }

  @Test
  void takesOpenAisIdAndARowsOwn() {
    String chat = running.ask("hello").json().path("id").asText();
    String rows =
        running
            .postTo(
                "/v2/models/support/infer",
                "{\"inputs\": [{\"name\": \"text\", \"shape\": [2], \"datatype\": \"BYTES\","
                    + " \"data\": [\"one\", \"two\"]}]}")
            .header("x-tierwise-request-id");
    assertEquals(202, feedback(chat, "other").status());
    assertEquals(rows + "-1", feedback(rows + "-1", "other").json().path("request_id").asText());
    assertEquals("404 request_id request_not_found", feedback(rows, "other").error());
  }

  @Test
  void findsAnAnswerFromBeforeTheStartInTheLedger() {
    String id = running.ask("where is my parcel?").header("x-tierwise-request-id");
    running.restart(Setup.USUAL);
    assertEquals(202, feedback(id, "delivery").status());
    assertEquals("404 request_id request_not_found", feedback(ID, "delivery").error());
  }

  @Test
  void isOfTheTenantsOwnAnswersOnly() {
    running.upstream.then(ScriptedUpstream.status(500));
    String refused = running.ask("hello").header("x-tierwise-request-id");
    assertEquals("404 request_id request_not_found", feedback(refused, "other").error());

    String id = running.ask("hello").header("x-tierwise-request-id");
    String stranger;
    try (Database database = Database.open(running.data)) {
      stranger =
          new KeyStore(database, running.clock, new SecureRandom())
              .add(new Tenant("stranger"), "test")
              .secretKey();
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(running.url() + "/v1/feedback"))
            .header("authorization", "Bearer " + stranger)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"request_id\": \"" + id + "\", \"label\": \"other\"}"));
    assertEquals("404 request_id request_not_found", running.send(request).error());
    assertEquals(List.of(), rows());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                                  | 400 null invalid_json
          `[]`                                                | 400 null invalid_json
          `{}`                                                | 400 request_id missing_required_parameter
          `{"request_id": 5, "label": "other"}`               | 400 request_id invalid_type
          `{"request_id": "r1", "label": "other"}`            | 400 request_id invalid_value
          `{"request_id": "ID-0x", "label": "other"}`         | 400 request_id invalid_value
          `{"request_id": "ID-1000", "label": "other"}`       | 400 request_id invalid_value
          `{"request_id": "ID"}`                              | 400 label missing_required_parameter
          `{"request_id": "ID", "label": null}`               | 400 label missing_required_parameter
          `{"request_id": "ID", "label": ["other"]}`          | 400 label invalid_type
          `{"request_id": "ID", "label": "Other"}`            | 400 label unknown_label
          `{"request_id": "ID", "label": "other", "note": ""}` | 400 note unknown_parameter
          """)
  void refusesWhatIsNoCorrectionAndKeepsNothing(String body, String expected) {
    assertEquals(expected, running.postTo("/v1/feedback", body.replace("ID", ID)).error());
    assertEquals(List.of(), rows());
  }

  @Test
  void wantsAKey() {
    HttpRequest.Builder keyless =
        HttpRequest.newBuilder(URI.create(running.url() + "/v1/feedback"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    assertEquals("401 Authorization missing_api_key", running.send(keyless).error());
    assertEquals("405 null method_not_allowed", running.get("/v1/feedback").error());
  }
}
