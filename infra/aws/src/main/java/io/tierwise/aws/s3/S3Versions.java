package io.tierwise.aws.s3;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFile;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.Manifest;
import io.tierwise.student.artifact.Trust;
import io.tierwise.student.file.DurableFiles;
import io.tierwise.student.registry.Published;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The versions of all tasks in a bucket, {@code TASK/versions/VERSION/…} below a prefix. A version
 * is there when its manifest is, which is written last and deleted first. Versions are copied to a
 * directory of this machine once, and verified there.
 */
final class S3Versions {
  private final Objects objects;
  private final String prefix;
  private final Path copies;
  private final Trust trust;
  private final ConcurrentHashMap<Path, Artifact> verified = new ConcurrentHashMap<>();

  /**
   * @param prefix ends with a slash, or is empty
   */
  S3Versions(Objects objects, String prefix, Path copies, Trust trust) {
    this.trust = trust;
    this.objects = objects;
    this.prefix = prefix;
    this.copies = copies;
  }

  /**
   * The objects of one version.
   *
   * @param modified when its manifest was written; where there is none, the last of its files
   */
  record Stored(List<Objects.Listed> all, boolean whole, Instant modified) {
    long bytes() {
      return all.stream().mapToLong(Objects.Listed::bytes).sum();
    }

    /** The manifest first, so that what is half deleted is no version any more. */
    List<String> keysManifestFirst() {
      return all.stream()
          .map(Objects.Listed::key)
          .sorted((one, other) ->
              Boolean.compare(
                  other.endsWith("/" + ArtifactFiles.MANIFEST),
                  one.endsWith("/" + ArtifactFiles.MANIFEST)))
          .toList();
    }
  }

  /** What lies in the bucket for a task, by version; also what is half written or half deleted. */
  SortedMap<String, Stored> stored(String task) throws IOException {
    String folder = folder(task);
    SortedMap<String, List<Objects.Listed>> byVersion = new TreeMap<>();
    for (Objects.Listed each : objects.list(folder)) {
      String below = each.key().substring(folder.length());
      int slash = below.indexOf('/');
      if (slash > 0) {
        byVersion
            .computeIfAbsent(below.substring(0, slash), ignored -> new ArrayList<>())
            .add(each);
      }
    }
    SortedMap<String, Stored> stored = new TreeMap<>();
    byVersion.forEach((version, all) -> stored.put(version, stored(task, version, all)));
    return stored;
  }

  private Stored stored(String task, String version, List<Objects.Listed> all) {
    String manifest = place(task, version) + ArtifactFiles.MANIFEST;
    Optional<Instant> whole =
        all.stream()
            .filter(each -> each.key().equals(manifest))
            .map(Objects.Listed::modified)
            .findFirst();
    Instant last =
        all.stream().map(Objects.Listed::modified).max(Instant::compareTo).orElse(Instant.MIN);
    return new Stored(all, whole.isPresent(), whole.orElse(last));
  }

  /** Asks the bucket whether it still holds all that was copied of it. */
  void requireWhole(Artifact copy) throws IOException {
    Manifest manifest = copy.manifest();
    String place = place(manifest.task(), manifest.version());
    Map<String, Long> bytes = new HashMap<>();
    objects.list(place).forEach(each -> bytes.put(each.key(), each.bytes()));
    if (!bytes.containsKey(place + ArtifactFiles.MANIFEST)) {
      verified.remove(copy.directory());
      throw unknown(manifest.task(), manifest.version());
    }
    for (ArtifactFile file : manifest.files()) {
      if (!Long.valueOf(file.bytes()).equals(bytes.get(place + file.name()))) {
        throw new InvalidValueException(
            url(place + file.name()),
            "it is missing or cut off",
            "publish the artifact again from where it was made");
      }
    }
  }

  Published described(String task, String version) throws IOException {
    Path file = Files.createTempFile("tierwise-manifest", ".json");
    String place = place(task, version) + ArtifactFiles.MANIFEST;
    try {
      Files.write(file, objects.get(place).orElseThrow(() -> unknown(task, version)).content());
      return new Published.Described(version, ArtifactFiles.manifest(file));
    } catch (InvalidValueException e) {
      return new Published.Unreadable(version, at(e, file, url(place)));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Writes every file, also those that are there already: what was damaged is mended by publishing
   * it again, and what was not stays the same bytes.
   */
  void write(Artifact artifact) throws IOException {
    Manifest manifest = artifact.manifest();
    String place = place(manifest.task(), manifest.version());
    for (ArtifactFile file : manifest.files()) {
      objects.put(place + file.name(), artifact.read(file.name()));
    }
    Optional<byte[]> signature = artifact.signature();
    if (signature.isPresent()) {
      objects.put(place + ArtifactFiles.SIGNATURE, signature.get());
    }
    boolean sound =
        described(manifest.task(), manifest.version()) instanceof Published.Described described
            && described.manifest().answersAs(manifest);
    if (!sound) {
      objects.put(place + ArtifactFiles.MANIFEST, ArtifactFiles.json(manifest));
    }
  }

  void delete(Stored version) throws IOException {
    for (String key : version.keysManifestFirst()) {
      objects.delete(key);
    }
  }

  /** This machine's copy, verified. */
  Artifact copy(String task, String version) throws IOException {
    Path directory = copies.resolve(task).resolve(version);
    Artifact known = verified.get(directory);
    if (known != null) {
      return known;
    }
    Artifact artifact = wholeCopy(task, version, directory);
    verified.put(directory, artifact);
    return artifact;
  }

  /** A copy that was damaged since, or cut off, is made again. */
  private synchronized Artifact wholeCopy(String task, String version, Path directory)
      throws IOException {
    if (Files.exists(directory)) {
      try {
        return Artifact.open(directory, trust);
      } catch (InvalidValueException damaged) {
        DurableFiles.delete(directory);
      }
    }
    Path partial = fetched(task, version, directory);
    try {
      Artifact fetched = Artifact.open(partial, trust);
      requireSame(fetched, task, version);
      requireNoOther(fetched);
    } catch (InvalidValueException e) {
      DurableFiles.delete(partial);
      String place = place(task, version);
      // Who removed it between its manifest and its files began with the manifest.
      throw objects.get(place + ArtifactFiles.MANIFEST).isEmpty()
          ? unknown(task, version)
          : at(e, partial, url(place));
    }
    show(partial, directory);
    return Artifact.open(directory);
  }

  /** Another process of this machine may have been as fast; then its copy is as good. */
  private static void show(Path partial, Path directory) throws IOException {
    try {
      Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      DurableFiles.delete(partial);
      if (!Files.exists(directory)) {
        throw e;
      }
    }
  }

  private Path fetched(String task, String version, Path directory) throws IOException {
    String place = place(task, version);
    byte[] manifest =
        objects
            .get(place + ArtifactFiles.MANIFEST)
            .orElseThrow(() -> unknown(task, version))
            .content();
    Path parent = Files.createDirectories(directory.resolveSibling(""));
    Path partial =
        Files.createTempDirectory(parent, DurableFiles.partial(directory).getFileName() + "-");
    Path written = Files.write(partial.resolve(ArtifactFiles.MANIFEST), manifest);
    try {
      List<String> names = new ArrayList<>();
      ArtifactFiles.manifest(written).files().forEach(file -> names.add(file.name()));
      names.add(ArtifactFiles.SIGNATURE);
      for (String name : names) {
        Optional<Objects.Found> found = objects.get(place + name);
        if (found.isPresent()) {
          Files.write(partial.resolve(name), found.get().content());
        }
      }
    } catch (InvalidValueException e) {
      DurableFiles.delete(partial);
      throw at(e, partial, url(place));
    }
    return partial;
  }

  private static void requireSame(Artifact artifact, String task, String version) {
    Manifest manifest = artifact.manifest();
    if (!manifest.version().equals(version) || !manifest.task().equals(task)) {
      throw new InvalidValueException(
          artifact.directory().toString(),
          "it holds version " + manifest.version() + " of " + manifest.task(),
          "do not rename what is in a registry; publish it again");
    }
  }

  private void requireNoOther(Artifact artifact) throws IOException {
    Manifest manifest = artifact.manifest();
    String place = place(manifest.task(), manifest.version());
    for (Objects.Listed each : objects.list(place)) {
      String name = each.key().substring(place.length());
      boolean known =
          name.equals(ArtifactFiles.MANIFEST)
              || name.equals(ArtifactFiles.SIGNATURE)
              || manifest.files().stream().anyMatch(file -> file.name().equals(name));
      if (!known) {
        throw Artifact.unlisted(artifact.directory() + "/" + name);
      }
    }
  }

  /** The same refusal of what lies in the bucket, not of the copy. */
  private static InvalidValueException at(InvalidValueException e, Path copy, String url) {
    return new InvalidValueException(
        e.field().replace(copy + "/", url).replace(copy.toString(), url), e.trouble(), e.fix());
  }

  private InvalidValueException unknown(String task, String version) {
    return new InvalidValueException(
        "version",
        "'" + version + "' of task '" + task + "' is not in the registry " + url(prefix),
        "publish it, or name one that was");
  }

  private String url(String key) {
    return "s3://" + objects.bucket() + "/" + key;
  }

  private String folder(String task) {
    return prefix + task + "/versions/";
  }

  private String place(String task, String version) {
    return folder(task) + version + "/";
  }
}
