package io.tierwise.aws.lambda;

import static io.tierwise.gateway.testing.ScriptedUpstream.answer;
import static io.tierwise.gateway.testing.ScriptedUpstream.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.aws.dynamo.DynamoAudits;
import io.tierwise.aws.dynamo.DynamoGates;
import io.tierwise.aws.dynamo.LocalDynamo;
import io.tierwise.aws.ledger.LogLines;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.testing.Routers;
import io.tierwise.gateway.testing.ScriptedUpstream;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.cost.Money;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.TierName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

/**
 * A chat on AWS: the gateway function draws its audits, a queue carries them, and the audit
 * function makes them. The two share the table of contracts, the artifacts, and nothing else.
 */
class CloudChatTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "assistant";

  /** Of four times the six audits that can certify anything. */
  private static final Contract LOOSE = new Contract(0.3, 0.3);

  private static final int CERTIFYING = 24;

  @TempDir private Path folder;
  private final Clock clock = Clock.systemUTC();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final PrintStream before = System.out;
  private final Map<String, String> variables = new HashMap<>();
  private final ScriptedUpstream strong = new ScriptedUpstream();
  private final ScriptedUpstream weak = new ScriptedUpstream();
  private ScriptedCloud cloud;
  private LocalDynamo dynamo;
  private DynamoAudits audits;
  private GateStore gates;
  private String router;
  private String key;
  private int delivered;

  @BeforeEach
  void start() throws Exception {
    System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
    System.setProperty("aws.region", "us-east-1");
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    cloud = new ScriptedCloud();
    dynamo = new LocalDynamo();
    String contracts = dynamo.contractTable();
    audits = new DynamoAudits(dynamo.client(), contracts, clock);
    DynamoGates table = new DynamoGates(dynamo.client(), contracts);
    gates = new GateStore(table, table, table, clock);
    router = Routers.publish(folder.resolve("registry"), clock, CHAT, 0.9);
    try (Database database = Database.open(Files.createDirectories(folder.resolve("gateway")))) {
      key =
          new KeyStore(database, clock, new SecureRandom())
              .add(new Tenant("acme"), "test")
              .secretKey();
    }
    variables.put("TIERWISE_LEDGER", "log");
    variables.put("TIERWISE_REGISTRY", folder.resolve("registry").toString());
    variables.put("TIERWISE_CONTRACTS_TABLE", contracts);
    variables.put("TIERWISE_AUDIT_QUEUE_URL", cloud.url("queue/audits"));
    variables.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    variables.put("AWS_ENDPOINT_URL_SQS", cloud.url("queue/"));
    weak.otherwise(answer("yes", 10, 2));
    strong.otherwise(answer("yes", 10, 2));
  }

  @AfterEach
  void stop() {
    System.setOut(before);
    List.of("aws.region", "aws.accessKeyId", "aws.secretAccessKey").forEach(System::clearProperty);
    dynamo.close();
    cloud.close();
    strong.close();
    weak.close();
  }

  /**
   * @param data of the function's own
   * @param judge a kind
   */
  private Environment environment(String data, String judge) {
    Map<String, String> all = new HashMap<>(variables);
    all.put(
        "TIERWISE_CONFIG_TEXT",
        """
        data: %s
        upstreams:
          large: {url: '%s', protocol: invocations, model: big}
          gpt: {url: '%s', protocol: openai, model: big-chat}
          mini: {url: '%s', protocol: openai, model: small-chat}
        tasks:
          - name: support
            labels: [refund, other]
            contract: {epsilon: 0.05, delta: 0.05}
            large: {upstream: large, price: gpt-4o}
        chats:
          - name: assistant
            strong: {upstream: gpt, price: gpt-4o}
            weak: {upstream: mini, price: gpt-4o-mini}
            contract: {epsilon: 0.3, delta: 0.3}
            audit: {rate: 1}
            judge: {kind: %s}
        """
            .formatted(folder.resolve(data), cloud.url("large"), strong.url(), weak.url(), judge));
    return new Environment(all);
  }

  private GatewayRoot serving() {
    return GatewayRoot.serving(environment("gateway", "exact"));
  }

  private GatewayRoot auditing() {
    return GatewayRoot.auditing(environment("audit", "exact"));
  }

  private static JsonNode read(ByteArrayOutputStream out) throws IOException {
    return JSON.readTree(out.toByteArray());
  }

  /** The tier that answers. */
  private String ask(GatewayRoot root, String text) throws IOException {
    ObjectNode body = JSON.createObjectNode().put("model", CHAT);
    body.putArray("messages").addObject().put("role", "user").put("content", text);
    ObjectNode event = JSON.createObjectNode().put("rawPath", "/v1/chat/completions");
    event.putObject("headers").put("authorization", "Bearer " + key);
    event.putObject("requestContext").putObject("http").put("method", "POST");
    event.put("body", body.toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    root.http(new ByteArrayInputStream(JSON.writeValueAsBytes(event)), out);
    JsonNode answer = read(out);
    assertEquals(200, answer.path("statusCode").asInt(), answer::toString);
    return answer.at("/headers/x-tierwise-tier").asText();
  }

  /** What is to be delivered again. */
  private List<String> deliver(GatewayRoot root, String message, int millisLeft)
      throws IOException {
    ObjectNode event = JSON.createObjectNode();
    event.putArray("Records").addObject().put("messageId", "m1").put("body", message);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    root.audits(new ByteArrayInputStream(JSON.writeValueAsBytes(event)), out, () -> millisLeft);
    return read(out).findValuesAsText("itemIdentifier");
  }

  private List<String> deliver(GatewayRoot root, String message) throws IOException {
    return deliver(root, message, 240_000);
  }

  private void deliverAll(GatewayRoot root) throws IOException {
    for (; delivered < cloud.queued().size(); delivered++) {
      assertEquals(List.of(), deliver(root, cloud.queued().get(delivered)));
    }
  }

  private List<LedgerEntry> ledger(LedgerEntry.Purpose purpose) {
    return LogLines.entries(log.toString(StandardCharsets.UTF_8).lines()).stream()
        .filter(entry -> entry.purpose() == purpose)
        .toList();
  }

  private void openGate() {
    Thresholds thresholds = new Thresholds(Map.of(TierName.WEAK, new Confidence(0.5)));
    String certificate =
        gates.keep(
            CHAT, router, new Certificate(LOOSE, 1, 0.15, CERTIFYING, 0, 0.0002, 0.5, thresholds));
    gates.open(CHAT, router, certificate, "test");
  }

  @Test
  void aRoutersGateOpensByTheAuditFunctionsAuditsAndShutsByThem() throws IOException {
    assertEquals(CERTIFYING, 4 * LOOSE.fewestSamples(1));
    try (GatewayRoot root = serving();
        GatewayRoot audit = auditing()) {
      for (int i = 0; i < CERTIFYING; i++) {
        assertInstanceOf(Gate.Observe.class, gates.state(CHAT).gate());
        assertEquals("large", ask(root, "text " + i));
        deliverAll(audit);
      }
    }
    assertInstanceOf(Gate.Open.class, gates.state(CHAT).gate());
    assertEquals(router, gates.state(CHAT).artifact());
    assertEquals(1, gates.testsSpent(CHAT));
    assertEquals(CERTIFYING, weak.calls().size());
    assertEquals(2 * CERTIFYING, strong.calls().size());
    assertTrue(strong.calls().getLast().body().contains("\"temperature\":0"));

    strong.otherwise(answer("no", 10, 2));
    try (GatewayRoot root = serving();
        GatewayRoot audit = auditing()) {
      for (int i = 0; i < 12; i++) {
        assertEquals("weak", ask(root, "more " + i));
      }
      deliverAll(audit);
    }
    Gate.Shut shut = assertInstanceOf(Gate.Shut.class, gates.state(CHAT).gate());
    assertTrue(shut.reason().startsWith("alarm: "), shut::reason);
    try (GatewayRoot root = serving()) {
      assertEquals("large", ask(root, "and now?"));
    }
  }

  @Test
  void anAuditIsMadeAndChargedOnceHoweverOftenItIsDelivered() throws IOException {
    try (GatewayRoot root = serving()) {
      assertEquals("large", ask(root, "is it?"));
    }
    int asked = strong.calls().size();
    String message = cloud.queued().getFirst();
    try (GatewayRoot audit = auditing()) {
      assertEquals(List.of(), deliver(audit, message));
    }
    try (GatewayRoot another = auditing()) {
      assertEquals(List.of(), deliver(another, message));
    }
    assertEquals(asked + 1, strong.calls().size());
    assertEquals(1, weak.calls().size());

    List<LedgerEntry> entries = ledger(LedgerEntry.Purpose.AUDIT);
    assertEquals(1, entries.size());
    LedgerEntry entry = entries.getFirst();
    assertEquals(CHAT, entry.task());
    assertEquals(ledger(LedgerEntry.Purpose.SERVE).getFirst().requestId(), entry.requestId());
    assertEquals(
        List.of(TierName.WEAK, TierName.LARGE),
        entry.lines().stream().map(LedgerEntry.Line::tier).toList());
    assertTrue(ledger(LedgerEntry.Purpose.SERVE).getFirst().audited());
    // 10 and 2 tokens at $2.50 and $10 a million, and at $0.15 and $0.60.
    assertEquals(Money.of("0.0000477"), entry.cost());
    assertEquals(entry.cost(), audits.spentToday(CHAT).spent());
    assertEquals(1, audits.rows(CHAT).size());
    assertTrue(audits.rows(CHAT).getFirst().proposals().get(TierName.WEAK).agrees());
  }

  @Test
  void whileTheStrongModelIsOutOfReachAnAuditWaitsAndWhatTheWeakOneCostIsCharged()
      throws IOException {
    try (GatewayRoot root = serving()) {
      ask(root, "is it?");
    }
    String message = cloud.queued().getFirst();
    try (GatewayRoot audit = auditing()) {
      strong.then(status(500));
      assertEquals(List.of("m1"), deliver(audit, message));
      assertEquals(List.of(), audits.rows(CHAT));
      assertEquals(Money.of("0.0000027"), ledger(LedgerEntry.Purpose.AUDIT).getFirst().cost());
      assertEquals(List.of(), deliver(audit, message));
    }
    assertEquals(1, audits.rows(CHAT).size());
    assertTrue(audits.rows(CHAT).getFirst().proposals().get(TierName.WEAK).agrees());
    List<LedgerEntry> entries = ledger(LedgerEntry.Purpose.AUDIT);
    assertEquals(
        List.of(Money.of("0.0000027"), Money.of("0.0000477")),
        entries.stream().map(LedgerEntry::cost).toList());
    assertEquals("audit-unavailable", entries.getFirst().refusal());
    assertEquals(Money.of("0.0000504"), audits.spentToday(CHAT).spent());
  }

  @Test
  void aPromptThatIsTooLargeForTheQueueIsAnsweredByTheStrongModelAndLosesNothing()
      throws IOException {
    openGate();
    try (GatewayRoot root = serving();
        GatewayRoot audit = auditing()) {
      assertEquals("weak", ask(root, "a".repeat(250_000)));
      assertEquals("large", ask(root, "a".repeat(260_000)));
      assertTrue(cloud.queued().getFirst().length() > 250_000);
      assertTrue(cloud.queued().getLast().length() < 1_000, () -> cloud.queued().getLast());
      deliverAll(audit);
    }
    assertEquals(2, audits.rows(CHAT).size());
    assertEquals(2, weak.calls().size());
    assertEquals(2, strong.calls().size());
    assertTrue(audits.rows(CHAT).getLast().proposals().isEmpty());
  }

  @Test
  void anAuditIsBegunOnlyWhereBothModelsTimeFits() throws IOException {
    try (GatewayRoot root = serving()) {
      ask(root, "is it?");
    }
    String message = cloud.queued().getFirst();
    try (GatewayRoot audit = auditing()) {
      assertEquals(List.of("m1"), deliver(audit, message, 29_999));
      assertEquals(0, weak.calls().size());
      assertEquals(List.of(), deliver(audit, message, 30_000));
    }
  }

  @Test
  void aJudgeThatNeedsAnEncoderIsRefusedAtTheStart() {
    for (String function : List.of("gateway", "audit")) {
      InvalidValueException refused =
          assertThrows(
              InvalidValueException.class,
              () -> GatewayRoot.serving(environment(function, "embedding")).close());
      assertEquals(
          "chats.assistant.judge.kind: 'embedding' has no encoder here: the functions have no"
              + " encoder for it; take normalised, exact or model",
          refused.getMessage());
    }
  }
}
