package io.tierwise.student.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.SigningKey;
import io.tierwise.student.artifact.Trust;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A registry in a directory: {@code TASK/versions/VERSION/}, {@code TASK/aliases/ALIAS} (a file
 * that holds a version), {@code TASK/history.jsonl}, and its format's number in {@code .format}.
 * Writers take the lock {@code TASK/.lock}; readers need none, for every change shows itself by one
 * rename.
 */
public final class DirectoryRegistry implements CuratedRegistry {
  private final Path root;
  private final Clock clock;
  private final Trust trust;
  private final @Nullable SigningKey own;
  private final ConcurrentHashMap<Path, Artifact> verified = new ConcurrentHashMap<>();

  /**
   * @param root is made at the first publish
   * @param clock for the history, and for how long ago something was published
   */
  public DirectoryRegistry(Path root, Clock clock) {
    this(root, clock, Trust.ANYONE, null);
  }

  /**
   * @param root is made at the first publish
   * @param clock for the history, and for how long ago something was published
   * @param trust whose artifacts are taken, in and out
   * @param own signs what is published; null to take it as it comes
   */
  public DirectoryRegistry(Path root, Clock clock, Trust trust, @Nullable SigningKey own) {
    this.own = own;
    this.root = root;
    this.clock = clock;
    this.trust = trust;
  }

  @Override
  public Optional<Artifact> resolve(String task, String alias) throws IOException {
    String version = read(task).pointed(alias);
    return version == null ? Optional.empty() : Optional.of(published(task, version));
  }

  @Override
  public Artifact publish(Path artifactDirectory) throws IOException {
    Artifact artifact = Artifact.open(artifactDirectory);
    if (own != null) {
      own.sign(artifact);
    }
    trust.require(artifact);
    String task = artifact.manifest().task();
    String version = artifact.manifest().version();
    TaskDirectory directory = read(task);
    Files.createDirectories(directory.versions());
    markFormat();
    return directory.holding(() -> {
      sweep(directory);
      Path target = directory.version(version);
      if (!isWhole(target)) {
        verified.remove(target);
        copy(artifact, target);
      }
      sign(artifact, target);
      return published(task, version);
    });
  }

  @Override
  public void point(String task, String alias, String version, String reason) throws IOException {
    Aliases.require(alias);
    Aliases.requireReason(reason);
    published(task, version);
    TaskDirectory directory = existing(task);
    directory.holding(() -> {
      published(task, version);
      directory.settle();
      String before = directory.pointed(alias);
      boolean moves = !version.equals(before);
      if (moves) {
        markFormat();
        directory.record(new Move(clock.instant(), alias, version, before, reason));
      }
      return moves;
    });
  }

  @Override
  public List<Move> history(String task) throws IOException {
    return read(task).moves().all();
  }

  @Override
  public List<String> tasks() throws IOException {
    requireFormat();
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(root)) {
      return all.filter(each -> Files.isDirectory(each.resolve("versions")))
          .map(each -> each.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @Override
  public List<Published> versions(String task) throws IOException {
    TaskDirectory directory = read(task);
    List<Published> versions = new ArrayList<>();
    for (String version : directory.published()) {
      versions.add(described(directory.version(version)));
    }
    return versions.stream().sorted(Published.BY_AGE).toList();
  }

  @Override
  public SortedMap<String, String> aliases(String task) throws IOException {
    return read(task).aliases();
  }

  @Override
  public Move rollBack(String task, String reason) throws IOException {
    Aliases.requireReason(reason);
    TaskDirectory directory = existing(task);
    return directory.holding(() -> {
      directory.settle();
      Move back = Rollback.of(task, directory.aliases(), clock.instant(), reason);
      published(task, back.version());
      markFormat();
      directory.record(back);
      return back;
    });
  }

  @Override
  public Cleared clear(String task, int keep, boolean dryRun) throws IOException {
    Retention retention = new Retention(keep, clock.instant());
    TaskDirectory directory = existing(task);
    return directory.holding(() -> {
      List<String> leftovers =
          directory.leftovers().stream().map(each -> each.getFileName().toString()).toList();
      Map<String, Instant> published = new HashMap<>();
      for (String version : directory.published()) {
        published.put(version, directory.publishedAt(version));
      }
      SortedMap<String, String> kept =
          retention.kept(published, directory.aliases(), directory.moves());
      SortedMap<String, Long> removed = new TreeMap<>();
      for (String version : published.keySet()) {
        if (!kept.containsKey(version)) {
          removed.put(version, directory.bytes(version));
        }
      }
      if (!dryRun) {
        markFormat();
        directory.settle();
        sweep(directory);
        for (String version : removed.keySet()) {
          DurableFiles.delete(DurableFiles.hide(directory.version(version)));
        }
      }
      return new Cleared(removed, kept, leftovers);
    });
  }

  private Artifact published(String task, String version) throws IOException {
    Path directory = read(task).version(version);
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
    Artifact artifact = Artifact.open(directory, trust);
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

  private static Published described(Path version) throws IOException {
    String name = version.getFileName().toString();
    try {
      return new Published.Described(
          name, ArtifactFiles.manifest(version.resolve(ArtifactFiles.MANIFEST)));
    } catch (InvalidValueException e) {
      return new Published.Unreadable(name, e);
    }
  }

  /** A damaged version is taken away, so that publishing it again mends it. */
  private static boolean isWhole(Path target) throws IOException {
    if (!Files.exists(target)) {
      return false;
    }
    try {
      Artifact.open(target);
      return true;
    } catch (InvalidValueException damaged) {
      DurableFiles.delete(DurableFiles.hide(target));
      return false;
    }
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

  /** What was published without a signature, or under an older key, gets the one that came now. */
  private static void sign(Artifact artifact, Path target) throws IOException {
    Optional<byte[]> signature = artifact.signature();
    if (signature.isPresent()) {
      DurableFiles.replace(target.resolve(ArtifactFiles.SIGNATURE), signature.get());
    }
  }

  private static void sweep(TaskDirectory directory) throws IOException {
    for (Path partial : directory.leftovers()) {
      DurableFiles.delete(partial);
    }
  }

  private TaskDirectory read(String task) throws IOException {
    requireFormat();
    return TaskDirectory.of(root, task);
  }

  private TaskDirectory existing(String task) throws IOException {
    TaskDirectory directory = read(task);
    if (!directory.exists()) {
      throw new InvalidValueException(
          "task",
          "'" + task + "' has nothing in the registry " + root,
          "name one of " + tasks() + ", or publish a student first");
    }
    return directory;
  }

  private Path formatFile() {
    return root.resolve(".format");
  }

  private void requireFormat() throws IOException {
    String text;
    try {
      text = Files.readString(formatFile()).strip();
    } catch (NoSuchFileException e) {
      return;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new InvalidValueException(
          formatFile().toString(),
          "'" + text + "' is no number of a format",
          "restore it from a backup, or write " + RegistryFormat.CURRENT + " into it");
    }
    RegistryFormat.require(formatFile().toString(), Integer.parseInt(text));
  }

  /** Tells older builds, from the first write on, that this one has written here. */
  private void markFormat() throws IOException {
    String current = RegistryFormat.CURRENT + "\n";
    if (Files.exists(formatFile()) && Files.readString(formatFile()).equals(current)) {
      return;
    }
    FileLocks.holding(
        root.resolve(".lock"),
        () -> {
          DurableFiles.replace(formatFile(), current.getBytes(UTF_8));
          return current;
        });
  }
}
