package io.tierwise.aws.s3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.registry.Move;
import io.tierwise.student.registry.Registry;
import io.tierwise.student.registry.RegistryHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A registry in a bucket: {@code registry/TASK/versions/VERSION/…}, whose manifest is written last,
 * and {@code registry/TASK/moves.json}, every move of every alias. Where an alias points is what
 * the moves add up to, so one conditional write moves it, records it, and loses against another.
 * Versions are copied to a directory of this machine once, and verified there.
 */
public final class S3Registry implements Registry, RegistryHistory {
  private static final List<String> ALIASES = List.of(LIVE, CANARY, PREVIOUS);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Objects objects;
  private final Path copies;
  private final Clock clock;
  private final ConcurrentHashMap<Path, Artifact> verified = new ConcurrentHashMap<>();

  /**
   * @param copies where versions are copied to
   * @param clock for the history
   */
  public S3Registry(S3Client s3, String bucket, Path copies, Clock clock) {
    this.objects = new Objects(s3, bucket);
    this.copies = copies;
    this.clock = clock;
  }

  /** The moves as they are, and the mark that a write over them is conditional on. */
  private record Moves(List<Move> all, @Nullable String tag) {
    @Nullable String pointed(String alias) {
      String version = null;
      for (Move move : all) {
        if (move.alias().equals(alias)) {
          version = move.version();
        } else if (alias.equals(PREVIOUS) && move.alias().equals(LIVE) && move.previous() != null) {
          version = move.previous();
        }
      }
      return version;
    }
  }

  @Override
  public Optional<Artifact> resolve(String task, String alias) throws IOException {
    Requirement.identifier("task", task);
    requireAlias(alias);
    String version = moves(task).pointed(alias);
    return version == null ? Optional.empty() : Optional.of(published(task, version));
  }

  @Override
  public Artifact publish(Path artifactDirectory) throws IOException {
    Artifact artifact = Artifact.open(artifactDirectory);
    String task = artifact.manifest().task();
    String version = artifact.manifest().version();
    String prefix = prefix(task, version);
    if (objects.get(prefix + ArtifactFiles.MANIFEST).isEmpty()) {
      for (ArtifactFile file : artifact.manifest().files()) {
        objects.put(prefix + file.name(), artifact.read(file.name()));
      }
      objects.put(prefix + ArtifactFiles.MANIFEST, ArtifactFiles.json(artifact.manifest()));
    }
    return published(task, version);
  }

  @Override
  public void point(String task, String alias, String version, String reason) throws IOException {
    Requirement.identifier("task", task);
    Requirement.identifier("version", version);
    requireAlias(alias);
    if (reason.isBlank()) {
      throw new InvalidValueException("reason", "it is blank", "say why the alias moves");
    }
    published(task, version);
    boolean done = false;
    while (!done) {
      Moves before = moves(task);
      String pointed = before.pointed(alias);
      done =
          version.equals(pointed)
              || moved(task, before, new Move(clock.instant(), alias, version, pointed, reason));
    }
  }

  private boolean moved(String task, Moves before, Move move) throws IOException {
    List<Move> all = new ArrayList<>(before.all());
    all.add(move);
    return objects.swap(key(task), before.tag(), json(all));
  }

  @Override
  public List<Move> history(String task) throws IOException {
    Requirement.identifier("task", task);
    return moves(task).all();
  }

  private Moves moves(String task) throws IOException {
    Optional<Objects.Found> found = objects.get(key(task));
    return found.isEmpty()
        ? new Moves(List.of(), null)
        : new Moves(parsed(found.get().content()), found.get().tag());
  }

  private static byte[] json(List<Move> moves) throws IOException {
    ArrayNode root = JSON.createArrayNode();
    for (Move move : moves) {
      ObjectNode node = root.addObject();
      node.put("at", move.at().toString()).put("alias", move.alias());
      node.put("version", move.version()).put("previous", move.previous());
      node.put("reason", move.reason());
    }
    return JSON.writeValueAsBytes(root);
  }

  private static List<Move> parsed(byte[] content) throws IOException {
    List<Move> moves = new ArrayList<>();
    for (JsonNode node : JSON.readTree(content)) {
      moves.add(
          new Move(
              Instant.parse(node.path("at").asText()),
              node.path("alias").asText(),
              node.path("version").asText(),
              node.path("previous").textValue(),
              node.path("reason").asText()));
    }
    return List.copyOf(moves);
  }

  private Artifact published(String task, String version) throws IOException {
    Path directory = copies.resolve(task).resolve(version);
    Artifact known = verified.get(directory);
    if (known != null) {
      return known;
    }
    if (!Files.exists(directory.resolve(ArtifactFiles.MANIFEST))) {
      copy(task, version, directory);
    }
    Artifact artifact = Artifact.open(directory);
    verified.put(directory, artifact);
    return artifact;
  }

  /** The manifest comes last, so a copy that has one is whole. */
  private synchronized void copy(String task, String version, Path directory) throws IOException {
    String prefix = prefix(task, version);
    byte[] manifest =
        objects
            .get(prefix + ArtifactFiles.MANIFEST)
            .orElseThrow(() ->
                new InvalidValueException(
                    "version",
                    "'" + version + "' of task '" + task + "' is not in the registry",
                    "publish it, or name one that was"))
            .content();
    Files.createDirectories(directory);
    Path partial = Files.write(Files.createTempFile(directory, "manifest", ".partial"), manifest);
    for (ArtifactFile file : ArtifactFiles.manifest(partial).files()) {
      Optional<Objects.Found> found = objects.get(prefix + file.name());
      if (found.isPresent()) {
        Path piece = Files.createTempFile(directory, "file", ".partial");
        Files.write(piece, found.get().content());
        Files.move(
            piece,
            directory.resolve(file.name()),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(
        partial,
        directory.resolve(ArtifactFiles.MANIFEST),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static String prefix(String task, String version) {
    return "registry/" + task + "/versions/" + version + "/";
  }

  private static String key(String task) {
    return "registry/" + task + "/moves.json";
  }

  private static void requireAlias(String alias) {
    if (!ALIASES.contains(alias)) {
      throw new InvalidValueException(
          "alias", "'" + alias + "' is none", "use one of " + String.join(", ", ALIASES));
    }
  }
}
