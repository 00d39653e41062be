package io.tierwise.student.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A registry in a directory: {@code TASK/versions/VERSION/}, {@code TASK/aliases/ALIAS} (a file
 * that holds a version), {@code TASK/history.jsonl}. Writers take the lock {@code TASK/.lock};
 * readers need none, for every change shows itself by one rename.
 */
public final class DirectoryRegistry implements Registry, RegistryHistory {
  private static final List<String> ALIASES = List.of(LIVE, CANARY, PREVIOUS);

  private final Path root;
  private final Clock clock;
  private final ConcurrentHashMap<Path, Artifact> verified = new ConcurrentHashMap<>();

  /**
   * @param root is made at the first publish
   * @param clock for the history
   */
  public DirectoryRegistry(Path root, Clock clock) {
    this.root = root;
    this.clock = clock;
  }

  @Override
  public Optional<Artifact> resolve(String task, String alias) throws IOException {
    String version = pointed(task, alias);
    return version == null ? Optional.empty() : Optional.of(published(task, version));
  }

  @Override
  public Artifact publish(Path artifactDirectory) throws IOException {
    Artifact artifact = Artifact.open(artifactDirectory);
    String task = artifact.manifest().task();
    String version = artifact.manifest().version();
    Path target = versionDirectory(task, version);
    Path versions = Files.createDirectories(versionsDirectory(task));
    return FileLocks.holding(
        lockFile(task),
        () -> {
          sweep(versions);
          if (!Files.exists(target)) {
            copy(artifact, target);
          }
          return published(task, version);
        });
  }

  @Override
  public void point(String task, String alias, String version, String reason) throws IOException {
    requireAlias(alias);
    requireReason(reason);
    published(task, version);
    FileLocks.holding(
        lockFile(task),
        () -> {
          String before = pointed(task, alias);
          boolean moves = !version.equals(before);
          if (moves) {
            move(task, new Move(clock.instant(), alias, version, before, reason));
          }
          return moves;
        });
  }

  @Override
  public List<Move> history(String task) throws IOException {
    return log(task).read();
  }

  /** History first: a crash may leave a move that was recorded and not made, never the reverse. */
  private void move(String task, Move move) throws IOException {
    Files.createDirectories(aliasesDirectory(task));
    if (!cutShort(task, move)) {
      log(task).append(move);
    }
    if (move.alias().equals(LIVE) && move.previous() != null) {
      DurableFiles.replace(aliasFile(task, PREVIOUS), line(move.previous()));
    }
    DurableFiles.replace(aliasFile(task, move.alias()), line(move.version()));
  }

  /** Whether the history ends with this very move, which a crash kept from being made. */
  private boolean cutShort(String task, Move move) throws IOException {
    List<Move> moves = log(task).read();
    if (moves.isEmpty()) {
      return false;
    }
    Move last = moves.getLast();
    return last.alias().equals(move.alias())
        && last.version().equals(move.version())
        && Objects.equals(last.previous(), move.previous())
        && last.reason().equals(move.reason());
  }

  private Artifact published(String task, String version) throws IOException {
    Path directory = versionDirectory(task, version);
    if (!Files.exists(directory.resolve(ArtifactFiles.MANIFEST))) {
      verified.remove(directory);
      throw new InvalidValueException(
          "version",
          "'" + version + "' of task '" + task + "' is not in the registry " + root,
          "publish it, or name one that was");
    }
    Artifact known = verified.get(directory);
    if (known != null) {
      return known;
    }
    Artifact artifact = Artifact.open(directory);
    if (!artifact.manifest().version().equals(version)
        || !artifact.manifest().task().equals(task)) {
      throw new InvalidValueException(
          directory.toString(),
          "it holds version " + artifact.manifest().version() + " of " + artifact.manifest().task(),
          "do not rename what is in a registry; publish it again");
    }
    verified.put(directory, artifact);
    return artifact;
  }

  private static void copy(Artifact artifact, Path target) throws IOException {
    Path partial = DurableFiles.partial(target);
    Files.createDirectory(partial);
    for (ArtifactFile file : artifact.manifest().files()) {
      DurableFiles.write(partial.resolve(file.name()), artifact.read(file.name()));
    }
    DurableFiles.write(
        partial.resolve(ArtifactFiles.MANIFEST), ArtifactFiles.json(artifact.manifest()));
    DurableFiles.show(partial, target);
  }

  /** What a killed publish left behind. Under the lock nobody else can be writing it. */
  private static void sweep(Path versions) throws IOException {
    List<Path> left;
    try (Stream<Path> all = Files.list(versions)) {
      left = all.filter(DurableFiles::isPartial).toList();
    }
    for (Path partial : left) {
      DurableFiles.delete(partial);
    }
  }

  private @Nullable String pointed(String task, String alias) throws IOException {
    Path file = aliasFile(task, alias);
    try {
      return Requirement.identifier("version", Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      return null;
    } catch (InvalidValueException e) {
      throw e.within(file.toString());
    }
  }

  private Path aliasFile(String task, String alias) {
    requireAlias(alias);
    return aliasesDirectory(task).resolve(alias);
  }

  private Path versionDirectory(String task, String version) {
    return versionsDirectory(task).resolve(Requirement.identifier("version", version));
  }

  private Path aliasesDirectory(String task) {
    return taskDirectory(task).resolve("aliases");
  }

  private Path versionsDirectory(String task) {
    return taskDirectory(task).resolve("versions");
  }

  private Path lockFile(String task) {
    return taskDirectory(task).resolve(".lock");
  }

  private MoveLog log(String task) {
    return new MoveLog(taskDirectory(task).resolve("history.jsonl"));
  }

  private Path taskDirectory(String task) {
    return root.resolve(Requirement.identifier("task", task));
  }

  private static void requireAlias(String alias) {
    if (!ALIASES.contains(alias)) {
      throw new InvalidValueException(
          "alias", "'" + alias + "' is none", "use one of " + String.join(", ", ALIASES));
    }
  }

  private static void requireReason(String reason) {
    if (reason.isBlank()) {
      throw new InvalidValueException("reason", "it is blank", "say why the alias moves");
    }
  }

  private static byte[] line(String version) {
    return (version + "\n").getBytes(UTF_8);
  }
}
