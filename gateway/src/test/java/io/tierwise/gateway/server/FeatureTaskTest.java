package io.tierwise.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.config.TierwiseConfig.Upstream;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.RunningGateway;
import io.tierwise.gateway.testing.RunningGateway.Answer;
import io.tierwise.gateway.testing.RunningGateway.Setup;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.gateway.testing.Students;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.InputForm;
import io.tierwise.router.request.Label;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A task over vectors of two features, from the socket to the corpus. */
class FeatureTaskTest {
  private static final String MODEL = "/v2/models/support";

  /** Refund and delivery are the two features themselves; other is one half. */
  private static final float[][] WEIGHTS = {{4, 0, 0}, {0, 4, 0}};

  private static final float[] BIAS = {0, 0, 2};

  @TempDir private Path folder;
  private RunningGateway running;

  private void start(Setup setup) {
    running = new RunningGateway(folder, setup, FeatureTaskTest::overFeatures);
    running.upstream.otherwise(says("other"));
  }

  private static TierwiseConfig overFeatures(TierwiseConfig config) {
    Upstream gpu = config.upstreams().get("gpu");
    TaskConfig task = config.tasks().getFirst();
    return new TierwiseConfig(
        config.server(),
        config.data(),
        config.budgetData(),
        config.ledger(),
        Map.of(
            "gpu",
            new Upstream(
                gpu.url(),
                TierwiseConfig.Protocol.INVOCATIONS,
                gpu.model(),
                null,
                gpu.timeout(),
                gpu.maxConcurrent(),
                gpu.retries(),
                gpu.version())),
        config.prices(),
        List.of(
            new TaskConfig(
                task.name(),
                task.labels(),
                new InputForm.Features(2),
                task.contract(),
                new TierwiseConfig.LargeConfig("gpu", "call", task.large().prompt()),
                task.student(),
                task.exactCache(),
                task.semanticCache(),
                task.audit(),
                task.whenLargeUnavailable(),
                task.whenBudgetExhausted(),
                task.corpus(),
                task.flywheel())),
        config.budgets());
  }

  private static ScriptedUpstream.Act says(String label) {
    return ScriptedUpstream.json(200, "{\"outputs\": [{\"label\": \"%s\"}]}".formatted(label));
  }

  @AfterEach
  void stop() {
    running.close();
  }

  /** Publishes a student and opens its gate; returns its version. */
  private String open(double threshold) {
    String version = Students.publishMlp(running, WEIGHTS, BIAS);
    Students.open(running, version, threshold);
    running.gateway().refresh();
    return version;
  }

  private Answer infer(float[]... rows) {
    return running.postTo(MODEL + "/infer", tensor(rows));
  }

  private static String tensor(float[]... rows) {
    String data =
        List.of(rows).stream()
            .map(row -> "[" + row[0] + "," + row[1] + "]")
            .collect(Collectors.joining(","));
    return """
    {"inputs": [{"name": "features", "shape": [%d, 2], "datatype": "FP32", "data": [%s]}],
     "outputs": [{"name": "label"}]}
    """
        .formatted(rows.length, data);
  }

  private static String labels(Answer answer) {
    return answer.json().at("/outputs/0/data").toString();
  }

  @Test
  void saysThatItReadsVectorsOfItsLengthAndNothingElse() {
    start(Setup.USUAL);

    assertEquals(
        "[{\"name\":\"features\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]",
        running.get(MODEL).json().path("inputs").toString());
  }

  @Test
  void asksTheLargeModelOnceAndRemembersItsAnswerBitForBit() {
    start(Setup.USUAL);
    open(0.999);

    Answer first = infer(new float[] {0, 0.1f});
    assertEquals("large", first.tier());
    assertEquals("[\"other\"]", labels(first));
    assertEquals("{\"inputs\":[[0.0,0.1]]}", running.upstream.calls().getFirst().body());

    assertEquals("exact-cache", infer(new float[] {0, 0.1f}).tier());
    assertEquals("large", infer(new float[] {-0f, 0.1f}).tier());
    assertEquals("large", infer(new float[] {0, Math.nextUp(0.1f)}).tier());
    assertEquals(3, running.upstream.calls().size());
  }

  @Test
  void answersByItsStudentWhereTheGateAllowsAndOtherwiseByTheLargeModel() {
    start(Setup.USUAL);
    String version = open(0.75);

    Answer sure = infer(new float[] {1, 0});
    assertEquals("student", sure.tier());
    assertEquals(version, sure.header("x-tierwise-artifact"));
    assertEquals("[\"refund\"]", labels(sure));

    Answer unsure = infer(new float[] {0.5f, 0.5f});
    assertEquals("large", unsure.tier());
    assertEquals("[\"other\"]", labels(unsure));

    Answer batch = infer(new float[] {0, 1}, new float[] {0.5f, 0.5f}, new float[] {1, 0});
    assertEquals("[\"delivery\",\"other\",\"refund\"]", labels(batch));
    assertNull(batch.tier());
    assertEquals(1, running.upstream.calls().size());
    assertEquals(
        List.of("exact-cache", "large", "student", "student", "student"),
        running.ledger().stream().map(entry -> entry.answeredBy().text()).sorted().toList());
  }

  @Test
  void keepsVectorsInTheCorpusAndScoresItsStudentInAudits() {
    start(Setup.USUAL.auditRate(1));
    open(0.75);
    infer(new float[] {1, -0f});
    running.gateway().close();

    try (Database database = Database.open(running.data)) {
      var corpus =
          CorpusStore.open(
              database, running.clock, CorpusStore.keyFile(running.data), new SecureRandom());
      var row = corpus.rows("support", true).getFirst();
      assertEquals(new Input.Features(new float[] {1, -0f}), row.input());
      assertEquals(new Label("other"), row.label());
      assertEquals(
          false,
          new AuditStore(database, running.clock)
              .rows("support")
              .getFirst()
              .proposals()
              .values()
              .iterator()
              .next()
              .agrees());
    }
  }

  @Test
  void leavesAStudentThatReadsSomethingElseWhereItIs() {
    start(Setup.USUAL);
    Students.publishMlp(running, new float[][] {{1, 0, 0}}, BIAS);
    running.gateway().refresh();
    assertEquals(Optional.empty(), running.gateway().artifact("support"));

    Students.publish(running, 0.5, 0.25, 0.25);
    running.gateway().refresh();
    assertEquals(Optional.empty(), running.gateway().artifact("support"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"shape\": [1], \"datatype\": \"BYTES\", \"data\": [\"hi\"]` | 'inputs[0].datatype' must be FP32: this task reads vectors of 2 features.",
        "`\"shape\": [2], \"datatype\": \"FP32\", \"data\": [1, 2]` | 'inputs[0].shape' must be [rows, 2] for this task.",
        "`\"shape\": [1, 3], \"datatype\": \"FP32\", \"data\": [1, 2, 3]` | 'inputs[0].shape' must be [rows, 2] for this task.",
        "`\"shape\": [1, 2147483647], \"datatype\": \"FP32\", \"data\": [1]` | 'inputs[0].shape' must be [rows, 2] for this task.",
        "`\"shape\": [2, 2], \"datatype\": \"FP32\", \"data\": [1, 2, 3]` | 'inputs[0].data' has 3 elements; the shape says 4.",
        "`\"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": [1, 1e99]` | 'inputs[0].data[1]' must be a finite number in single precision.",
        "`\"shape\": [1, 2], \"datatype\": \"FP32\", \"data\": [1, \"2\"]` | 'inputs[0].data[1]' must be a finite number in single precision.",
        "`\"shape\": [2, 2], \"datatype\": \"FP32\", \"data\": [[1, 2], [3]]` | 'inputs[0].data[1]' must be a list of 2.",
        "`\"shape\": [129, 2], \"datatype\": \"FP32\", \"data\": [1]` | 'inputs[0].shape' has 129 rows; at most 128 go."
      })
  void refusesWhatIsNoVectorOfItsLength(String tensor, String expected) {
    start(Setup.USUAL);

    Answer answer =
        running.postTo(MODEL + "/infer", "{\"inputs\": [{\"name\": \"t\", " + tensor + "}]}");

    assertEquals(400, answer.status());
    assertEquals(expected, answer.json().path("error").asText());
  }

  @Test
  void hasNoPlaceInAChat() {
    start(Setup.USUAL);

    Answer answer = running.ask("[1, 2]");

    assertEquals("400 model unsupported_value", answer.error());
    assertEquals(
        "The model `support` reads vectors of 2 features, not messages: send them to"
            + " /v2/models/support/infer.",
        answer.json().path("error").path("message").asText());
  }
}
