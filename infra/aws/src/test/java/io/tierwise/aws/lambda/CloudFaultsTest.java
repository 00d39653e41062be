package io.tierwise.aws.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.aws.ledger.LogLines;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.onnx.Graphs;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeClient;

/**
 * The functions' composition root among services in trouble: what callers get, and what it costs.
 */
class CloudFaultsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TASK = "support";

  @TempDir private Path data;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final PrintStream before = System.out;
  private final Map<String, String> variables = new HashMap<>();
  private ScriptedCloud cloud;
  private String key;

  @BeforeEach
  void start() throws IOException {
    System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    System.setProperty("aws.region", "us-east-1");
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    cloud = new ScriptedCloud();
    key = prepare();
    variables.put("TIERWISE_LEDGER", "log");
    variables.put("TIERWISE_REGISTRY", data.resolve("registry").toString());
    variables.put("TIERWISE_STUDENT_FUNCTION", "student");
    variables.put("TIERWISE_STUDENT_TIMEOUT_MS", "300");
    variables.put("TIERWISE_AUDIT_QUEUE_URL", cloud.url("queue/audits"));
    variables.put("TIERWISE_TABLE_TIMEOUT_MS", "600");
    variables.put("AWS_ENDPOINT_URL_LAMBDA", cloud.url(""));
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", cloud.url("table/"));
    variables.put("AWS_ENDPOINT_URL_S3", cloud.url("bucket/"));
    variables.put("AWS_ENDPOINT_URL_SQS", cloud.url("queue/"));
    variables.put("TIERWISE_CONFIG_TEXT", configuration());
  }

  @AfterEach
  void stop() {
    System.setOut(before);
    List.of("aws.region", "aws.accessKeyId", "aws.secretAccessKey").forEach(System::clearProperty);
    cloud.close();
  }

  /** A live student behind an open gate, and a key. */
  private String prepare() throws IOException {
    Clock clock = Clock.systemUTC();
    byte[] graph =
        Graphs.bag(Map.of(), new float[] {1}, new float[][] {new float[2]}, new float[] {9, -9});
    Artifact artifact =
        ArtifactWriter.write(
            data.resolve("artifact"),
            Artifacts.bag(TASK, List.of("refund", "other")),
            Map.of("model.onnx", graph));
    DirectoryRegistry registry = new DirectoryRegistry(data.resolve("registry"), clock);
    String version = registry.publish(artifact.directory()).manifest().version();
    registry.point(TASK, Registry.LIVE, version, "test");
    try (Database database = Database.open(data)) {
      GateStore gates = new GateStore(database, clock);
      String certificate =
          gates.keep(
              TASK,
              version,
              new Certificate(
                  new Contract(0.05, 0.05),
                  1,
                  0.025,
                  200,
                  2,
                  0.01,
                  0.5,
                  Thresholds.student(new Confidence(0.9))));
      gates.open(TASK, version, certificate, "test");
      return new KeyStore(database, clock, new SecureRandom())
          .add(new Tenant("acme"), "test")
          .secretKey();
    }
  }

  private String configuration() {
    return """
    data: %s
    upstreams:
      large:
        url: %s
        protocol: invocations
        model: big
    tasks:
      - name: support
        labels: [refund, other]
        contract: {epsilon: 0.05, delta: 0.05}
        large: {upstream: large, price: gpt-4o}
        audit: {openRate: 0, shutRate: 1}
    budgets:
      - {tenant: acme, daily: '5'}
    """
        .formatted(data, cloud.url("large"));
  }

  private JsonNode ask(GatewayRoot root) throws IOException {
    ObjectNode event = JSON.createObjectNode().put("rawPath", "/v1/chat/completions");
    event.putObject("headers").put("authorization", "Bearer " + key);
    event.putObject("requestContext").putObject("http").put("method", "POST");
    event.put(
        "body", "{\"model\":\"support\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    root.http(new ByteArrayInputStream(JSON.writeValueAsBytes(event)), out);
    return JSON.readTree(out.toByteArray());
  }

  private List<String> failures(GatewayRoot root, String body) throws IOException {
    return failures(root, body, 120_000);
  }

  private List<String> failures(GatewayRoot root, String body, int millisLeft) throws IOException {
    ObjectNode event = JSON.createObjectNode();
    event.putArray("Records").addObject().put("messageId", "m1").put("body", body);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    root.audits(new ByteArrayInputStream(JSON.writeValueAsBytes(event)), out, () -> millisLeft);
    return JSON.readTree(out.toByteArray()).findValuesAsText("itemIdentifier");
  }

  private List<LedgerEntry> ledger(LedgerEntry.Purpose purpose) {
    return LogLines.entries(log.toString(StandardCharsets.UTF_8).lines()).stream()
        .filter(entry -> entry.purpose() == purpose)
        .toList();
  }

  private void assertTheLargeModelAnsweredOnce(JsonNode answer) {
    assertEquals(200, answer.path("statusCode").asInt(), answer::toString);
    assertEquals("large", answer.at("/headers/x-tierwise-tier").asText());
    assertEquals(1, cloud.asked().size());
    List<LedgerEntry> lines = ledger(LedgerEntry.Purpose.SERVE);
    assertEquals(1, lines.size());
    assertEquals(
        answer.at("/headers/x-tierwise-request-id").asText(), lines.getFirst().requestId());
  }

  @ParameterizedTest
  @EnumSource(ScriptedCloud.Function.class)
  void whateverTheStudentsFunctionDoesTheLargeModelAnswersOnce(ScriptedCloud.Function does)
      throws IOException {
    cloud.student(does);
    try (GatewayRoot root = GatewayRoot.serving(new Environment(variables))) {
      assertTheLargeModelAnsweredOnce(ask(root));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TIERWISE_ANSWERS_TABLE", "TIERWISE_CONTRACTS_TABLE", "TIERWISE_FEEDBACK_TABLE"})
  void aThrottledTableOfWhatCanBeDoneWithoutIsDoneWithout(String table) throws IOException {
    variables.put(table, "throttled");
    try (GatewayRoot root = GatewayRoot.serving(new Environment(variables))) {
      assertTheLargeModelAnsweredOnce(ask(root));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TIERWISE_KEYS_TABLE", "TIERWISE_BUDGETS_TABLE"})
  void aThrottledTableOfWhatMustBeKnownRefusesBeforeAnythingIsPaid(String table)
      throws IOException {
    variables.put(table, "throttled");
    try (GatewayRoot root = GatewayRoot.serving(new Environment(variables))) {
      JsonNode refused = ask(root);
      assertEquals(503, refused.path("statusCode").asInt(), refused::toString);
      assertTrue(refused.path("headers").has("retry-after"), refused::toString);
    }
    assertEquals(List.of(), cloud.asked());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TIERWISE_BUCKET", "TIERWISE_CORPUS_BUCKET"})
  void aBucketThatIsMissingTakesTheStudentOrTheCorpusAwayAndNothingElse(String bucket)
      throws IOException {
    variables.put(bucket, "missing");
    try (GatewayRoot root = GatewayRoot.serving(new Environment(variables))) {
      assertTheLargeModelAnsweredOnce(ask(root));
    }
  }

  @Test
  void anAuditThatIsDeliveredTwiceIsMadeOnce() throws IOException {
    String message = pendingAudit();
    try (GatewayRoot root = GatewayRoot.auditing(new Environment(variables))) {
      assertEquals(List.of(), failures(root, message));
      assertEquals(List.of(), failures(root, message));
    }
    assertEquals(1, cloud.asked().size());
    assertEquals(1, ledger(LedgerEntry.Purpose.AUDIT).size());
  }

  /** As a training job leaves it; the audit function ends the trial by the audits it makes. */
  @Test
  void aStudentOnTrialGoesLiveOnceItHasStoodItsAudits() throws IOException {
    DirectoryRegistry registry = new DirectoryRegistry(data.resolve("registry"), Clock.systemUTC());
    Artifact trained =
        ArtifactWriter.write(
            data.resolve("trained"),
            Artifacts.bag(TASK, List.of("refund", "other")),
            Map.of(
                "model.onnx",
                Graphs.bag(
                    Map.of(), new float[] {1}, new float[][] {new float[2]}, new float[] {-8, 8})));
    String version = registry.publish(trained.directory()).manifest().version();
    registry.point(TASK, Registry.CANARY, version, "test");
    String certificate;
    try (Database database = Database.open(data)) {
      certificate =
          new GateStore(database, Clock.systemUTC())
              .keep(
                  TASK,
                  version,
                  new Certificate(
                      new Contract(0.05, 0.05),
                      2,
                      0.008,
                      200,
                      1,
                      0.001,
                      0.9,
                      Thresholds.student(new Confidence(0.9))));
    }
    variables.put(
        "TIERWISE_CONFIG_TEXT",
        configuration()
            .replace(
                "shutRate: 1}", "shutRate: 1}\n    flywheel: {enabled: true, canaryAudits: 2}"));
    String message =
        pendingAudit()
            .replace("\"keep\"", "\"certificate\": \"" + certificate + "\", \"keep\"")
            .replace("\"v1\"", "\"" + version + "\"");
    try (GatewayRoot root = GatewayRoot.auditing(new Environment(variables))) {
      assertEquals(List.of(), failures(root, message));
      assertNotEquals(version, live(registry));
      assertEquals(List.of(), failures(root, message.replace("r1", "r2")));
      assertEquals(version, live(registry));
    }
    try (Database database = Database.open(data)) {
      assertEquals(version, new GateStore(database, Clock.systemUTC()).state(TASK).artifact());
    }
  }

  private static String live(Registry registry) throws IOException {
    return registry.resolve(TASK, Registry.LIVE).orElseThrow().manifest().version();
  }

  @Test
  void anAuditThatMightBeCutShortIsNotBegun() throws IOException {
    try (GatewayRoot root = GatewayRoot.auditing(new Environment(variables))) {
      assertEquals(List.of("m1"), failures(root, pendingAudit(), 39_999));
      assertEquals(List.of(), cloud.asked());
      assertEquals(List.of(), failures(root, pendingAudit(), 40_000));
    }
    assertEquals(1, cloud.asked().size());
  }

  @Test
  void anAuditBeforeAThrottledTableIsDeliveredAgainAndNotPaidFor() throws IOException {
    variables.put("TIERWISE_CONTRACTS_TABLE", "throttled");
    try (GatewayRoot root = GatewayRoot.auditing(new Environment(variables))) {
      assertEquals(List.of("m1"), failures(root, pendingAudit()));
    }
    assertEquals(List.of(), cloud.asked());
    assertEquals(List.of(), ledger(LedgerEntry.Purpose.AUDIT));
  }

  @Test
  void aMessageThatIsNoneIsLeftToTheDeadLetterQueue() throws IOException {
    try (GatewayRoot root = GatewayRoot.auditing(new Environment(variables))) {
      assertEquals(List.of("m1"), failures(root, "nonsense"));
    }
  }

  @Test
  void aCompleteAuditGoesToTheQueueWithTheLargeModelsAnswer() throws IOException {
    variables.put("TIERWISE_CONTRACTS_TABLE", "throttled");
    try (GatewayRoot root = GatewayRoot.serving(new Environment(variables))) {
      assertEquals(200, ask(root).path("statusCode").asInt());
    }
    assertEquals("other", JSON.readTree(cloud.queued().getFirst()).path("reference").asText());
  }

  /** The same as AWS's own client sends, so that a SageMaker endpoint takes it. */
  @Test
  void anEndpointOfSageMakerIsAskedAsItsOwnClientDoes() throws IOException {
    variables.put("AWS_REGION", "us-east-1");
    variables.put("AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME", cloud.url(""));
    variables.put(
        "TIERWISE_CONFIG_TEXT",
        configuration().replace(cloud.url("large"), cloud.url("endpoints/big")));
    try (GatewayRoot root = GatewayRoot.serving(new Environment(variables));
        SageMakerRuntimeClient own =
            SageMakerRuntimeClient.builder()
                .endpointOverride(URI.create(cloud.url("")))
                .region(Region.US_EAST_1)
                .httpClient(UrlConnectionHttpClient.create())
                .build()) {
      assertTheLargeModelAnsweredOnce(ask(root));
      own.invokeEndpoint(request ->
          request
              .endpointName("big")
              .contentType("application/json")
              .body(SdkBytes.fromUtf8String("{\"inputs\":[\"hello\"]}")));
    }
    assertEquals(cloud.asked().getLast(), cloud.asked().getFirst());
    assertEquals(cloud.signatures().getLast(), cloud.signatures().getFirst());
    assertEquals(
        "AWS4-HMAC-SHA256 Credential=local/DAY/us-east-1/sagemaker/aws4_request, ",
        cloud.signatures().getFirst());
  }

  private static String pendingAudit() {
    return """
    {"format": 1, "requestId": "r1", "tenant": "acme", "task": "support",
     "receivedAt": "2026-11-24T12:00:00Z", "keep": true, "text": "hello",
     "attempts": [{"tier": "STUDENT", "verdict": "ACCEPTED", "label": "other",
                   "confidence": 0.99, "version": "v1"}]}
    """;
  }
}
