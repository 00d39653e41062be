package io.tierwise.gateway.testing;

import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import io.tierwise.student.win.Forest;
import io.tierwise.student.win.RandomFeatures;
import io.tierwise.student.win.WinModel;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** What {@code distill winrouter} does in another process. */
public final class Routers {
  private static final Forest NOTHING =
      new Forest(new int[] {0}, new short[] {-1}, new float[] {0}, new int[] {0});

  private Routers() {}

  /**
   * Publishes a router that gives every prompt the same probability, makes it live, and opens its
   * gate.
   *
   * @param weakWillDo the probability
   * @param contract that its certificate is for
   * @return the certificate
   */
  public static String open(
      RunningGateway running, String name, double weakWillDo, double threshold, Contract contract) {
    String version = publish(running, name, weakWillDo);
    try (Database database = Database.open(running.data)) {
      GateStore gates = new GateStore(database, running.clock);
      Thresholds thresholds = new Thresholds(Map.of(TierName.WEAK, new Confidence(threshold)));
      String certificate =
          gates.keep(
              name, version, new Certificate(contract, 1, 0.025, 200, 2, 0.01, 0.5, thresholds));
      gates.open(name, version, certificate, "test");
      running.gateway().refresh();
      return certificate;
    }
  }

  /** Publishes such a router and makes it live; returns its version. */
  public static String publish(RunningGateway running, String name, double weakWillDo) {
    String version = publish(running.data.resolve("registry"), running.clock, name, weakWillDo);
    running.gateway().refresh();
    return version;
  }

  /** The same in a registry's directory, without a gateway. */
  public static String publish(Path directory, Clock clock, String name, double weakWillDo) {
    try {
      Path folder = Files.createTempDirectory(directory.getParent(), "router");
      DirectoryRegistry registry = new DirectoryRegistry(directory, clock);
      String version =
          registry.publish(write(folder, name, weakWillDo).directory()).manifest().version();
      registry.point(name, Registry.LIVE, version, "test");
      return version;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes such a router. */
  public static Artifact write(Path folder, String name, double weakWillDo) throws IOException {
    WinModel model =
        new WinModel(
            new float[BagFeaturizer.BUCKETS],
            new float[1],
            new RandomFeatures(new float[1], 1, 1, 0),
            new float[1],
            0,
            NOTHING,
            new float[0],
            NOTHING,
            0,
            Math.log(weakWillDo / (1 - weakWillDo)));
    return ArtifactWriter.write(
        folder.resolve("artifact"),
        Artifacts.draft(name, Shape.WIN_ROUTER, WinRouter.FEATURIZER, WinRouter.CHOICES),
        Map.of(ArtifactFiles.ROUTER, model.bytes()));
  }
}
