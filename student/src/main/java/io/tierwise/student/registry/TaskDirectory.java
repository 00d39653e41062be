package io.tierwise.student.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.Requirement;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One task's part of a registry in a directory. Whoever changes it holds its lock. */
record TaskDirectory(Path path) {
  static TaskDirectory of(Path root, String task) {
    return new TaskDirectory(root.resolve(Requirement.identifier("task", task)));
  }

  boolean exists() {
    return Files.isDirectory(path);
  }

  <T> T holding(FileLocks.Work<T> work) throws IOException {
    return FileLocks.holding(path.resolve(".lock"), work);
  }

  Path versions() {
    return path.resolve("versions");
  }

  Path version(String version) {
    return versions().resolve(Requirement.identifier("version", version));
  }

  /** The names of the versions; what is being written or removed is none. */
  List<String> published() throws IOException {
    return inVersions(each -> !DurableFiles.isPartial(each) && Files.isDirectory(each)).stream()
        .map(each -> each.getFileName().toString())
        .toList();
  }

  /** What a killed publish or removal left behind. Under the lock nobody else is at work on it. */
  List<Path> leftovers() throws IOException {
    return inVersions(DurableFiles::isPartial);
  }

  private List<Path> inVersions(Predicate<Path> wanted) throws IOException {
    if (!Files.isDirectory(versions())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(versions())) {
      return all.filter(wanted).sorted().toList();
    }
  }

  Instant publishedAt(String version) throws IOException {
    Path manifest = version(version).resolve(ArtifactFiles.MANIFEST);
    return Files.getLastModifiedTime(Files.exists(manifest) ? manifest : version(version))
        .toInstant();
  }

  long bytes(String version) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(version(version))) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  @Nullable String pointed(String alias) throws IOException {
    Path file = alias(alias);
    try {
      return Requirement.identifier("version", Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      return null;
    } catch (InvalidValueException e) {
      throw e.within(file.toString());
    }
  }

  SortedMap<String, String> aliases() throws IOException {
    SortedMap<String, String> aliases = new TreeMap<>();
    for (String alias : Aliases.ALL) {
      String version = pointed(alias);
      if (version != null) {
        aliases.put(alias, version);
      }
    }
    return aliases;
  }

  Moves moves() throws IOException {
    return new Moves(log().read());
  }

  /** History first: a kill may leave a move that was recorded and not made, never the reverse. */
  void record(Move move) throws IOException {
    log().append(move);
    make(move);
  }

  /** Makes the last move where a kill came between its record and the alias. */
  void settle() throws IOException {
    List<Move> all = moves().all();
    if (all.isEmpty()) {
      return;
    }
    Move last = all.getLast();
    String pointed = pointed(last.alias());
    if (!last.version().equals(pointed) && Objects.equals(last.previous(), pointed)) {
      make(last);
    }
  }

  private void make(Move move) throws IOException {
    Files.createDirectories(path.resolve("aliases"));
    if (move.alias().equals(Registry.LIVE) && move.previous() != null) {
      DurableFiles.replace(alias(Registry.PREVIOUS), line(move.previous()));
    }
    DurableFiles.replace(alias(move.alias()), line(move.version()));
  }

  private Path alias(String alias) {
    return path.resolve("aliases").resolve(Aliases.require(alias));
  }

  private MoveLog log() {
    return new MoveLog(path.resolve("history.jsonl"));
  }

  private static byte[] line(String version) {
    return (version + "\n").getBytes(UTF_8);
  }
}
