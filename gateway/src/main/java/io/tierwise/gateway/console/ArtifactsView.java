package io.tierwise.gateway.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.registry.CuratedRegistry;
import io.tierwise.student.registry.Move;
import io.tierwise.student.registry.Published;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A task's versions with what was measured of them, where its aliases point, and the last moves.
 * The front is over those versions that one measure of quality is known of.
 */
final class ArtifactsView {
  private static final int LAST_MOVES = 8;
  private static final String LATENCY = "p50Micros";

  /** Higher is better; the first that any version has is taken. */
  private static final List<String> QUALITIES =
      List.of("accuracy", "agreement", "tuningAgreement", "agreementWithParent");

  private ArtifactsView() {}

  /**
   * @param latencyMicros null where it was not measured
   */
  private record Measured(
      String version, double quality, long bytes, @Nullable Double latencyMicros) {
    boolean dominates(Measured other) {
      Double mineTaken = latencyMicros;
      Double theirsTaken = other.latencyMicros;
      double mine = mineTaken == null || theirsTaken == null ? 0 : mineTaken;
      double theirs = mineTaken == null || theirsTaken == null ? 0 : theirsTaken;
      boolean noWorse = quality >= other.quality && bytes <= other.bytes && mine <= theirs;
      return noWorse && (quality > other.quality || bytes < other.bytes || mine < theirs);
    }
  }

  static ObjectNode json(CuratedRegistry registry, String task) throws IOException {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode aliases = root.putObject("aliases");
    registry.aliases(task).forEach(aliases::put);
    List<Manifest> manifests = new ArrayList<>();
    ArrayNode unreadable = root.putArray("unreadable");
    for (Published published : registry.versions(task)) {
      switch (published) {
        case Published.Described described -> manifests.add(described.manifest());
        case Published.Unreadable broken -> unreadable.add(broken.version());
      }
    }
    versions(root, manifests);
    ArrayNode moves = root.putArray("moves");
    List<Move> history = registry.history(task);
    history
        .subList(Math.max(0, history.size() - LAST_MOVES), history.size())
        .reversed()
        .forEach(move ->
            moves
                .addObject()
                .put("at", move.at().toString())
                .put("alias", move.alias())
                .put("version", move.version())
                .put("previous", move.previous())
                .put("reason", move.reason()));
    return root;
  }

  private static void versions(ObjectNode root, List<Manifest> manifests) {
    String quality =
        QUALITIES.stream()
            .filter(name -> manifests.stream().anyMatch(each -> each.metrics().containsKey(name)))
            .findFirst()
            .orElse(null);
    root.put("quality", quality);
    List<Measured> measured = new ArrayList<>();
    for (Manifest manifest : manifests) {
      Map<String, Double> metrics = manifest.metrics();
      Double value = quality == null ? null : metrics.get(quality);
      if (value != null) {
        measured.add(
            new Measured(manifest.version(), value, bytes(manifest), metrics.get(LATENCY)));
      }
    }
    ArrayNode versions = root.putArray("versions");
    for (Manifest manifest : manifests.reversed()) {
      ObjectNode node = versions.addObject();
      node.put("version", manifest.version());
      node.put("made", manifest.createdAt().toString());
      node.put("job", manifest.lineage().job());
      node.put("shape", manifest.shape().text());
      node.put("bytes", bytes(manifest));
      node.put("quality", quality == null ? null : manifest.metrics().get(quality));
      node.put("p50_micros", manifest.metrics().get(LATENCY));
      node.put("front", onFront(manifest.version(), measured));
    }
  }

  private static boolean onFront(String version, List<Measured> measured) {
    return measured.stream()
        .filter(each -> each.version().equals(version))
        .anyMatch(each -> measured.stream().noneMatch(other -> other.dominates(each)));
  }

  private static long bytes(Manifest manifest) {
    return manifest.files().stream().mapToLong(ArtifactFile::bytes).sum();
  }
}
