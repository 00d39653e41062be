package io.tierwise.bench.speed;

import io.tierwise.bench.demo.ChildProcess;
import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.onnx.BagGraph;
import io.tierwise.distill.onnx.JobArtifact;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A gateway to be measured: a data directory with a key, and tasks whose students have the shape
 * and size of real ones, random weights, and an open gate that accepts all they say.
 */
final class BenchGateway {
  /** Neither audited nor kept for training: what a request takes by itself. */
  static final String TASK = "bench";

  /** The same as configurations come: audited, and kept for training. */
  static final String USUAL = "usual";

  /** The same as {@link #TASK} before a large model that takes two seconds. */
  static final String SLOW = "slow";

  /** A chat whose strong model is the quick one. */
  static final String CHAT = "talk:quality";

  static final List<String> LABELS =
      List.of("billing", "delivery", "returns", "account", "product", "other");

  private static final int WIDTH = 32;
  private static final String PRICE = "gpt-4o";

  private final Path folder;
  private final Programs programs;
  private final Clock clock = Clock.systemUTC();
  private final String key;

  private BenchGateway(Path folder, Programs programs, String key) {
    this.folder = folder;
    this.programs = programs;
    this.key = key;
  }

  /**
   * @param folder empty
   */
  static BenchGateway prepare(Path folder, Programs programs) throws IOException {
    Clock clock = Clock.systemUTC();
    Path data = folder.resolve("data");
    try (Database database = Database.open(data)) {
      String key =
          new KeyStore(database, clock, new SecureRandom())
              .add(new Tenant("bench"), "load")
              .secretKey();
      BenchGateway gateway = new BenchGateway(folder, programs, key);
      for (String task : List.of(TASK, USUAL)) {
        gateway.publishStudent(task, new GateStore(database, clock));
      }
      return gateway;
    }
  }

  private void publishStudent(String task, GateStore gates) throws IOException {
    Artifact made = student(task, LABELS, folder.resolve("student-" + task));
    DirectoryRegistry registry =
        new DirectoryRegistry(folder.resolve("data").resolve("registry"), clock);
    String version = registry.publish(made.directory()).manifest().version();
    registry.point(task, Registry.LIVE, version, "to be measured");
    Contract contract = new Contract(0.05, 0.05);
    Certificate certificate =
        new Certificate(
            contract,
            gates.spendTest(task),
            contract.spend(1),
            1000,
            0,
            0,
            1,
            Thresholds.student(Confidence.NONE));
    String id = gates.keep(task, version, certificate);
    gates.open(task, version, id, "to be measured");
  }

  /** A bag of real size whose answers mean nothing. */
  static Artifact student(String task, List<String> labels, Path directory) throws IOException {
    Random random = new Random(1);
    float[] rarity = new float[BagFeaturizer.BUCKETS];
    Arrays.fill(rarity, 1);
    byte[] table = new byte[BagFeaturizer.BUCKETS * WIDTH];
    random.nextBytes(table);
    float[] head = new float[WIDTH * labels.size()];
    for (int i = 0; i < head.length; i++) {
      head[i] = (float) random.nextGaussian() / Byte.MAX_VALUE;
    }
    BagGraph graph = new BagGraph(rarity, null, table, head, new float[labels.size()]);
    return JobArtifact.write(
        directory,
        new ArtifactWriter.Draft(
            task,
            Shape.BAG,
            BagFeaturizer.VERSION,
            labels,
            new Calibration.Temperature(1),
            Map.of(),
            new Lineage("bench", Map.of(), List.of(), "", 1, CodeVersion.CURRENT),
            Clock.systemUTC().instant()),
        Map.of(ArtifactFiles.MODEL, graph.write()));
  }

  /** As a request's header has it. */
  Map<String, String> authorization() {
    return Map.of("authorization", "Bearer " + key);
  }

  /**
   * @param upstream a {@code QuickUpstream}'s address
   */
  ChildProcess start(String upstream) throws IOException {
    return start(upstream, Map.of());
  }

  /**
   * @param environment further variables
   */
  ChildProcess start(String upstream, Map<String, String> environment) throws IOException {
    return ChildProcess.start(
        programs.tierwise(),
        List.of("serve", "--config", write(upstream, 0).toString(), "--seed", "1"),
        environment,
        folder.resolve("gateway.log"));
  }

  /** Writes its configuration. */
  Path write(String upstream, int port) throws IOException {
    return Files.writeString(folder.resolve("tierwise.yaml"), configuration(upstream, port));
  }

  private static String configuration(String upstream, int port) {
    return """
    server: {host: 127.0.0.1, port: %5$d}
    data: data
    upstreams:
      quick: {url: "%1$s", protocol: openai, model: quick, maxConcurrent: 4096}
      slow: {url: "%1$s/after/2000", protocol: openai, model: quick, maxConcurrent: 4096}
    chats:
      - name: talk
        strong: {upstream: quick, price: gpt-4o}
        weak: {upstream: quick, price: gpt-4o-mini}
        # The usual one loads an encoder, which is not what is measured here.
        judge: {kind: normalised}
    tasks:
    %2$s%3$s%4$s\
    """
        .formatted(
            upstream,
            task(TASK, "quick", true),
            task(SLOW, "slow", true),
            task(USUAL, "quick", false),
            port);
  }

  private static String task(String name, String upstream, boolean bare) {
    String task =
        """
          - name: %s
            labels: [%s]
            large: {upstream: %s, price: %s}
        """
            .formatted(name, String.join(", ", LABELS), upstream, PRICE);
    String nothingKept =
        """
            audit: {openRate: 0, shutRate: 0}
            corpus: {keep: false}
        """;
    return bare ? task + nothingKept : task;
  }
}
