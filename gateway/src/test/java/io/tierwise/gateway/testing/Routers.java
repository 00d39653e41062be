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
import io.tierwise.student.win.WinModel;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    WinModel model =
        new WinModel(
            new float[BagFeaturizer.BUCKETS],
            new float[1],
            0,
            NOTHING,
            new float[0],
            1,
            NOTHING,
            0,
            Math.log(weakWillDo / (1 - weakWillDo)));
    try {
      Path folder = Files.createTempDirectory(running.data.getParent(), "router");
      Artifact artifact =
          ArtifactWriter.write(
              folder.resolve("artifact"),
              Artifacts.draft(name, Shape.WIN_ROUTER, WinRouter.FEATURIZER, WinRouter.CHOICES),
              Map.of(ArtifactFiles.ROUTER, model.bytes()));
      DirectoryRegistry registry =
          new DirectoryRegistry(running.data.resolve("registry"), running.clock);
      String version = registry.publish(artifact.directory()).manifest().version();
      registry.point(name, Registry.LIVE, version, "test");
      running.gateway().refresh();
      return version;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
