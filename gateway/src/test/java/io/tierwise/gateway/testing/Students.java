package io.tierwise.gateway.testing;

import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.onnx.Graphs;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a job does in another process: publishes students and moves gates. */
public final class Students {
  private static final List<String> LABELS = List.of("refund", "delivery", "other");

  private Students() {}

  /**
   * Publishes a student that gives every text the same answer, and makes it live.
   *
   * @param probabilities of refund, delivery and other; the greatest is its confidence
   * @return its version
   */
  public static String publish(RunningGateway running, double... probabilities) {
    return publish(running, LABELS, probabilities);
  }

  public static String publish(
      RunningGateway running, List<String> labels, double... probabilities) {
    return publish(running, Registry.LIVE, labels, probabilities);
  }

  /** The same under the alias of a student on trial. */
  public static String publishOnTrial(RunningGateway running, double... probabilities) {
    return publish(running, Registry.CANARY, LABELS, probabilities);
  }

  /**
   * Publishes two students in line that give every text the same answer each, and makes them live.
   */
  public static String publishLine(RunningGateway running, double[] first, double[] second) {
    try {
      Path folder = Files.createTempDirectory(running.data.getParent(), "line");
      ArtifactWriter.Draft draft = Artifacts.bag("support", LABELS);
      Artifact one =
          ArtifactWriter.write(folder.resolve("one"), draft, Map.of("model.onnx", graph(first)));
      Artifact two =
          ArtifactWriter.write(folder.resolve("two"), draft, Map.of("model.onnx", graph(second)));
      return publish(running, Registry.LIVE, draft, ArtifactWriter.inLine(one, two, 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String publish(
      RunningGateway running, String alias, List<String> labels, double... probabilities) {
    return publish(running, alias, Artifacts.bag("support", labels), graph(probabilities));
  }

  private static byte[] graph(double... probabilities) {
    float[] bias = new float[probabilities.length];
    for (int i = 0; i < bias.length; i++) {
      bias[i] = (float) Math.log(probabilities[i]);
    }
    return Graphs.bag(Map.of(), new float[] {1}, new float[][] {new float[bias.length]}, bias);
  }

  /**
   * Publishes a student over feature vectors, and makes it live.
   *
   * @param weights [features][labels]
   * @return its version
   */
  public static String publishMlp(RunningGateway running, float[][] weights, float[] bias) {
    String featurizer = "features/" + weights.length;
    return publish(
        running,
        Registry.LIVE,
        Artifacts.draft("support", Shape.MLP, featurizer, LABELS),
        Graphs.linear(weights, bias));
  }

  private static String publish(
      RunningGateway running, String alias, ArtifactWriter.Draft draft, byte[] graph) {
    return publish(running, alias, draft, Map.of("model.onnx", graph));
  }

  private static String publish(
      RunningGateway running, String alias, ArtifactWriter.Draft draft, Map<String, byte[]> files) {
    try {
      Path folder = Files.createTempDirectory(running.data.getParent(), "student");
      Artifact artifact = ArtifactWriter.write(folder.resolve("artifact"), draft, files);
      DirectoryRegistry registry =
          new DirectoryRegistry(running.data.resolve("registry"), running.clock);
      String version = registry.publish(artifact.directory()).manifest().version();
      registry.point("support", alias, version, "test");
      return version;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the gate for an artifact; returns the certificate's id. */
  public static String open(RunningGateway running, String version, double threshold) {
    return open(running, version, Thresholds.student(new Confidence(threshold)));
  }

  /** Keeps a certificate of an artifact; returns its id. */
  public static String certify(RunningGateway running, String version, double threshold) {
    return certify(running, version, Thresholds.student(new Confidence(threshold)));
  }

  /** Opens the gate for an artifact at these thresholds; returns the certificate's id. */
  public static String open(RunningGateway running, String version, Thresholds thresholds) {
    String certificate = certify(running, version, thresholds);
    try (Database database = Database.open(running.data)) {
      new GateStore(database, running.clock).open("support", version, certificate, "test");
    }
    return certificate;
  }

  private static String certify(RunningGateway running, String version, Thresholds thresholds) {
    try (Database database = Database.open(running.data)) {
      return new GateStore(database, running.clock)
          .keep(
              "support",
              version,
              new Certificate(new Contract(0.05, 0.05), 1, 0.025, 200, 2, 0.01, 0.5, thresholds));
    }
  }

  public static void shut(RunningGateway running, String reason) {
    try (Database database = Database.open(running.data)) {
      new GateStore(database, running.clock).shut("support", reason);
    }
  }
}
