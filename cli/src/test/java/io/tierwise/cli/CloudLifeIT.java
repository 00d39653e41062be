package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponseFor;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tierwise.aws.dynamo.DynamoAudits;
import io.tierwise.aws.dynamo.DynamoGates;
import io.tierwise.aws.dynamo.DynamoKeys;
import io.tierwise.aws.dynamo.LocalDynamo;
import io.tierwise.aws.ledger.LogLines;
import io.tierwise.aws.s3.LocalS3;
import io.tierwise.aws.s3.S3Corpus;
import io.tierwise.aws.s3.S3Registry;
import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.testing.Routers;
import io.tierwise.local.lambda.LocalCloud;
import io.tierwise.local.lambda.Template;
import io.tierwise.local.pack.Architecture;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.onnx.Graphs;
import io.tierwise.student.registry.Move;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A task's life on AWS and a chat's, with nobody's hand on it: template.yaml's functions as
 * processes, AWS's own DynamoDB for one machine, S3's protocol, and OpenAI's client before them.
 */
class CloudLifeIT {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final String TASK = "support";
  private static final String CHAT = "assistant";

  /** With ε = 0.2 and δ = 0.1 the first test waits for 56 audits. */
  private static final int CERTIFYING = 56;

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  private static Map<String, Path> packages;

  @TempDir private Path work;
  private final Set<String> asked = new HashSet<>();
  private volatile String largeSays = "delivery";
  private LocalDynamo dynamo;
  private LocalS3 s3;
  private HttpServer large;
  private LocalCloud cloud;
  private OpenAIClient client;
  private GateStore gates;
  private DynamoAudits audits;
  private S3Corpus corpus;
  private S3Registry registry;
  private int texts;

  @BeforeAll
  static void build() throws IOException {
    packages = Functions.build(HOME, "local", Architecture.own(), null);
  }

  @BeforeEach
  void start() throws Exception {
    // Java's plain client writes to connections that the stand-in of S3 has just closed.
    System.setProperty("http.keepAlive", "false");
    dynamo = new LocalDynamo();
    s3 = new LocalS3();
    large = large();
    Clock clock = Clock.systemUTC();
    String bucket = s3.bucket();
    String contracts = dynamo.contractTable();
    String keys = dynamo.table();
    DynamoGates log = new DynamoGates(dynamo.client(), contracts);
    gates = new GateStore(log, log, log, clock);
    audits = new DynamoAudits(dynamo.client(), contracts, clock);
    corpus = new S3Corpus(s3.client(), bucket, clock);
    registry = new S3Registry(s3.client(), bucket, "registry", work.resolve("copies"), clock);
    registry.point(TASK, Registry.LIVE, publish("live", 9), "test");
    Path data = Files.createDirectories(work.resolve("data"));
    cloud =
        LocalCloud.start(
            new LocalCloud.Settings(
                Template.read(HOME),
                packages,
                Files.writeString(work.resolve("tierwise.yaml"), configuration()),
                data,
                TASK,
                0,
                2,
                Map.of(
                    "TIERWISE_STUDENT_TIMEOUT_MS",
                    "10000",
                    "TIERWISE_BUCKET",
                    bucket,
                    "TIERWISE_CORPUS_BUCKET",
                    bucket,
                    "TIERWISE_KEYS_TABLE",
                    keys,
                    "TIERWISE_ANSWERS_TABLE",
                    dynamo.table(),
                    "TIERWISE_BUDGETS_TABLE",
                    dynamo.table(),
                    "TIERWISE_FEEDBACK_TABLE",
                    dynamo.table(),
                    "TIERWISE_CONTRACTS_TABLE",
                    contracts,
                    "AWS_ENDPOINT_URL_DYNAMODB",
                    dynamo.endpoint().toString(),
                    "AWS_ENDPOINT_URL_S3",
                    s3.endpoint().toString()),
                List.of("-Dhttp.keepAlive=false")));
    String key =
        new DynamoKeys(dynamo.client(), keys, clock, new SecureRandom())
            .add(new Tenant("acme"), "test")
            .secretKey();
    client =
        OpenAIOkHttpClient.builder().baseUrl(cloud.url() + "/v1").apiKey(key).maxRetries(0).build();
  }

  @AfterEach
  void stop() {
    client.close();
    cloud.close();
    large.stop(0);
    s3.close();
    dynamo.close();
  }

  private HttpServer large() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/invocations",
        exchange ->
            reply(
                exchange,
                """
                {"model": "big", "version": "1", "outputs": [{"label": "%1$s",
                 "probabilities": {"%1$s": 1.0}}],
                 "usage": {"prompt_tokens": 12, "completion_tokens": 1}}\
                """
                    .formatted(largeSays)));
    server.createContext("/strong", exchange -> reply(exchange, said(largeSays)));
    server.createContext("/weak", exchange -> reply(exchange, said("delivery")));
    server.start();
    return server;
  }

  private static String said(String words) {
    return """
    {"id": "c1", "object": "chat.completion", "created": 1, "model": "m", "choices":
     [{"index": 0, "message": {"role": "assistant", "content": "%s"}, "finish_reason": "stop"}]}\
    """
        .formatted(words);
  }

  private static void reply(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /**
   * A student that says delivery to every text with the word parcel; it has no certificate.
   *
   * @return its version
   */
  private String publish(String name, float sure) throws IOException {
    Map<Integer, byte[]> buckets =
        Arrays.stream(new BagFeaturizer().featurize("parcel").buckets())
            .boxed()
            .distinct()
            .collect(Collectors.toMap(bucket -> bucket, bucket -> new byte[] {1}));
    Artifact artifact =
        ArtifactWriter.write(
            work.resolve(name),
            Artifacts.bag(TASK, List.of("refund", "delivery", "other")),
            Map.of(
                "model.onnx",
                Graphs.bag(
                    buckets, new float[] {1}, new float[][] {{-sure, sure, -sure}}, new float[3])));
    return registry.publish(artifact.directory()).manifest().version();
  }

  /** What a training job leaves: a certified student on trial. */
  private String putOnTrial() throws IOException {
    String version = publish("trained", 8);
    gates.keep(
        TASK,
        version,
        new Certificate(
            new Contract(0.2, 0.1),
            gates.spendTest(TASK),
            0.05,
            100,
            2,
            0.01,
            0.9,
            Thresholds.student(new Confidence(0.9))));
    registry.point(TASK, Registry.CANARY, version, "test");
    return version;
  }

  private String configuration() {
    return """
    data: /tmp/tierwise-%1$d
    upstreams:
      large:
        url: http://127.0.0.1:%2$d
        protocol: invocations
        model: big
      gpt: {url: 'http://127.0.0.1:%2$d/strong', protocol: openai, model: gpt}
      mini: {url: 'http://127.0.0.1:%2$d/weak', protocol: openai, model: mini}
    tasks:
      - name: support
        labels: [refund, delivery, other]
        contract: {epsilon: 0.2, delta: 0.1}
        large: {upstream: large, price: gpt-4o}
        audit: {openRate: 1, shutRate: 1}
        flywheel: {enabled: true, canaryShare: 0.5, canaryAudits: 10}
    chats:
      - name: assistant
        strong: {upstream: gpt, price: gpt-4o}
        weak: {upstream: mini, price: gpt-4o-mini}
        contract: {epsilon: 0.3, delta: 0.3}
        audit: {rate: 1}
        judge: {kind: normalised}
    """
        .formatted(ProcessHandle.current().pid(), large.getAddress().getPort());
  }

  private record Served(String label, String tier) {}

  /** Asks something new. */
  private Served ask() {
    return ask(TASK);
  }

  private Served ask(String model) {
    ChatCompletionCreateParams params =
        ChatCompletionCreateParams.builder()
            .model(model)
            .addUserMessage("where is my parcel number " + texts++)
            .build();
    try (HttpResponseFor<ChatCompletion> response =
        client.chat().completions().withRawResponse().create(params)) {
      asked.add(response.headers().values("x-tierwise-request-id").getFirst());
      return new Served(
          response.parse().choices().getFirst().message().content().orElseThrow(),
          response.headers().values("x-tierwise-tier").getFirst());
    }
  }

  private void await(String what, BooleanSupplier happened) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!happened.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, () -> what + ", but " + gates.state(TASK));
      Thread.onSpinWait();
    }
  }

  @Test
  void aGateOpensByItselfAndIsShutWhenTheLargeModelChanges() throws IOException {
    for (int i = 0; i < CERTIFYING; i++) {
      assertEquals(new Served("delivery", "large"), ask());
    }
    // The first found the student's function cold, so that audit had no candidate.
    await(
        "the gate opens",
        () -> {
          assertEquals("delivery", ask().label());
          return gates.state(TASK).gate() instanceof Gate.Open;
        });
    await("the student answers", () -> ask().equals(new Served("delivery", "student")));

    largeSays = "other";
    await(
        "the alarm shuts the gate",
        () -> {
          ask();
          return gates.state(TASK).gate() instanceof Gate.Shut;
        });
    await("the large model answers", () -> ask().equals(new Served("other", "large")));

    assertEquals(1, gates.testsSpent(TASK));
    assertEquals(
        List.of(GateMove.Mode.OBSERVE, GateMove.Mode.OPEN, GateMove.Mode.SHUT),
        gates.history(TASK).stream().map(GateMove::mode).toList());
    assertTrue(
        assertInstanceOf(Gate.Shut.class, gates.state(TASK).gate()).reason().startsWith("alarm: "));
    await("every audit is kept", () -> asked.stream().allMatch(id -> audits.holds(TASK, id)));
    assertEveryRequestIsInTheLedgerOnce();
    assertTrue(corpus.count(TASK, true, Instant.EPOCH) >= CERTIFYING);
  }

  @Test
  void aStudentOnTrialAnswersItsShareAndGoesLiveByItsAudits() throws IOException {
    String version = putOnTrial();
    await(
        "it goes live",
        () -> {
          assertEquals("delivery", ask().label());
          return live().equals(Optional.of(version));
        });
    await("its gate is open", () -> version.equals(gates.state(TASK).artifact()));
    assertInstanceOf(Gate.Open.class, gates.state(TASK).gate());
    await("it answers", () -> ask().equals(new Served("delivery", "student")));
    Move last = registry.history(TASK).getLast();
    assertEquals(Registry.LIVE, last.alias());
    assertTrue(
        last.reason().matches("stood its trial: 0 of 1\\d audits lost under .*"), last::reason);
    await("every audit is kept", () -> asked.stream().allMatch(id -> audits.holds(TASK, id)));
    assertEveryRequestIsInTheLedgerOnce();
  }

  @Test
  void aChatsGateOpensByItselfAndIsShutWhenTheStrongModelChanges() throws IOException {
    Artifact router = Routers.write(work, CHAT, 0.9);
    registry.point(
        CHAT, Registry.LIVE, registry.publish(router.directory()).manifest().version(), "test");
    await("the weak model answers", () -> ask(CHAT).equals(new Served("delivery", "weak")));
    largeSays = "other";
    await(
        "the alarm shuts the gate",
        () -> {
          ask(CHAT);
          return gates.state(CHAT).gate() instanceof Gate.Shut;
        });
    await("the strong model answers", () -> ask(CHAT).equals(new Served("other", "large")));
    assertEquals(1, gates.testsSpent(CHAT));
    assertEveryRequestIsInTheLedgerOnce();
  }

  private Optional<String> live() {
    try {
      return registry.resolve(TASK, Registry.LIVE).map(each -> each.manifest().version());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** And no audit has more than one line of its own: the large model is asked for it once. */
  private void assertEveryRequestIsInTheLedgerOnce() throws IOException {
    Map<LedgerEntry.Purpose, List<String>> lines = new EnumMap<>(LedgerEntry.Purpose.class);
    for (LedgerEntry entry : LogLines.in(work.resolve("data/logs"))) {
      lines.computeIfAbsent(entry.purpose(), purpose -> new ArrayList<>()).add(entry.requestId());
    }
    List<String> served = lines.getOrDefault(LedgerEntry.Purpose.SERVE, List.of());
    List<String> audited = lines.getOrDefault(LedgerEntry.Purpose.AUDIT, List.of());
    assertEquals(asked.stream().sorted().toList(), served.stream().sorted().toList());
    assertEquals(audited.size(), Set.copyOf(audited).size());
    assertTrue(asked.containsAll(audited) && !audited.isEmpty());
  }
}
