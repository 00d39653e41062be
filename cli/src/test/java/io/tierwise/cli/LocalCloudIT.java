package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponseFor;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.sun.net.httpserver.HttpServer;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.local.lambda.LocalCloud;
import io.tierwise.local.lambda.Template;
import io.tierwise.local.pack.Architecture;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.onnx.Graphs;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of template.yaml on this machine, used by OpenAI's own client. */
class LocalCloudIT {
  private static final Path HOME = Path.of(System.getProperty("tierwise.home"));
  private static final List<String> LABELS = List.of("refund", "delivery", "other");

  /** The student is sure of texts with this word, and of no other. */
  private static final String KNOWN = "parcel";

  @TempDir private static Path work;
  private static final AtomicInteger LARGE_CALLS = new AtomicInteger();
  private static HttpServer large;
  private static LocalCloud cloud;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws IOException {
    large = large();
    Path data = Files.createDirectories(work.resolve("data"));
    String key = prepare(data);
    Path config = Files.writeString(work.resolve("tierwise.yaml"), configuration(data));
    cloud =
        LocalCloud.start(
            new LocalCloud.Settings(
                Template.read(HOME),
                Functions.build(HOME, "local", Architecture.own(), null),
                config,
                data,
                "support",
                0,
                2,
                Map.of(),
                List.of()));
    client =
        OpenAIOkHttpClient.builder().baseUrl(cloud.url() + "/v1").apiKey(key).maxRetries(0).build();
  }

  @AfterAll
  static void stop() {
    client.close();
    cloud.close();
    large.stop(0);
  }

  private static HttpServer large() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/invocations",
        exchange -> {
          LARGE_CALLS.incrementAndGet();
          byte[] body =
              """
              {"model": "big", "version": "1", "outputs": [{"label": "other",
               "probabilities": {"other": 1.0}}],
               "usage": {"prompt_tokens": 12, "completion_tokens": 1}}\
              """
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    return server;
  }

  /** A live student, an open gate and a key, as the jobs leave them. */
  private static String prepare(Path data) throws IOException {
    float[] sure = {-9, 9, -9};
    byte[] graph =
        Graphs.bag(bucketsOf(KNOWN), new float[] {1}, new float[][] {sure}, new float[3]);
    Artifact artifact =
        ArtifactWriter.write(
            work.resolve("artifact"),
            Artifacts.bag("support", LABELS),
            Map.of("model.onnx", graph));
    DirectoryRegistry registry = new DirectoryRegistry(data.resolve("registry"), Clock.systemUTC());
    String version = registry.publish(artifact.directory()).manifest().version();
    registry.point("support", Registry.LIVE, version, "test");
    try (Database database = Database.open(data)) {
      GateStore gates = new GateStore(database, Clock.systemUTC());
      String certificate =
          gates.keep(
              "support",
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
      gates.open("support", version, certificate, "test");
      return new KeyStore(database, Clock.systemUTC(), new SecureRandom())
          .add(new Tenant("acme"), "test")
          .secretKey();
    }
  }

  private static Map<Integer, byte[]> bucketsOf(String word) {
    var bag = new io.tierwise.student.feature.BagFeaturizer().featurize(word);
    return Arrays.stream(bag.buckets())
        .boxed()
        .distinct()
        .collect(java.util.stream.Collectors.toMap(bucket -> bucket, bucket -> new byte[] {1}));
  }

  private static String configuration(Path data) {
    return """
    data: %s
    upstreams:
      large:
        url: http://127.0.0.1:%d
        protocol: invocations
        model: big
    tasks:
      - name: support
        labels: [refund, delivery, other]
        contract: {epsilon: 0.05, delta: 0.05}
        large: {upstream: large, price: gpt-4o}
        audit: {openRate: 0.05, shutRate: 0.3}
    """
        .formatted(data, large.getAddress().getPort());
  }

  private record Served(String label, String tier) {}

  private static Served ask(String text) {
    ChatCompletionCreateParams params =
        ChatCompletionCreateParams.builder().model("support").addUserMessage(text).build();
    try (HttpResponseFor<ChatCompletion> response =
        client.chat().completions().withRawResponse().create(params)) {
      return new Served(
          response.parse().choices().getFirst().message().content().orElseThrow(),
          response.headers().values("x-tierwise-tier").getFirst());
    }
  }

  @Test
  void answersFromTheLargeModelTheCacheAndTheStudentFunction() {
    assertEquals(new Served("other", "large"), ask("hello there"));
    assertEquals(new Served("other", "exact-cache"), ask("hello there"));
    assertEquals(new Served("delivery", "student"), ask(KNOWN));
    assertTrue(LARGE_CALLS.get() >= 1);
  }
}
