package io.tierwise.student.artifact;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.encoder.WordPieces;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.file.DurableFiles;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An artifact on disk: its directory and what its manifest says. One version may hold two students
 * in line, so that they are published, certified, moved and removed as one: the manifest is the
 * first's, and the second's own manifest and files are among its files.
 *
 * @param prefix before the names of its files; empty but for the second of a line
 */
public record Artifact(Path directory, Manifest manifest, String prefix) {
  /** Featurizer of the caller's own vectors, before the number of their dimensions. */
  public static final String FEATURES = "features/";

  /** One whose files have their own names. */
  public Artifact(Path directory, Manifest manifest) {
    this(directory, manifest, "");
  }

  /**
   * Opens an artifact and verifies all of it: the manifest, the featurizer's version, every file's
   * size and SHA-256, and that there is no other file.
   *
   * @throws InvalidValueException names the file or field that cannot be trusted
   * @throws IOException where a file cannot be read
   */
  public static Artifact open(Path directory) throws IOException {
    Artifact artifact = described(directory, "");
    for (ArtifactFile file : artifact.manifest.files()) {
      artifact.read(file);
    }
    artifact.requireNoOther();
    if (artifact.second().isPresent()) {
      artifact.lead();
    }
    return artifact;
  }

  /**
   * Opens an artifact of someone who is trusted.
   *
   * @throws InvalidValueException as above, and where no trusted key has signed it
   */
  public static Artifact open(Path directory, Trust trust) throws IOException {
    Artifact artifact = open(directory);
    trust.require(artifact);
    return artifact;
  }

  /**
   * The second of two students in line; empty where there is one alone.
   *
   * @throws InvalidValueException where it is none that answers the same task
   */
  public Optional<Artifact> second() throws IOException {
    if (!line()) {
      return Optional.empty();
    }
    Artifact second = described(directory, ArtifactFiles.SECOND);
    if (!second.manifest.task().equals(manifest.task())
        || !Set.copyOf(second.manifest.labels()).equals(Set.copyOf(manifest.labels()))) {
      throw new InvalidValueException(
          second.place(ArtifactFiles.MANIFEST),
          "it answers another task, or with other labels, than the first of its line",
          "put two students of one task in line");
    }
    return Optional.of(second);
  }

  /**
   * How much surer the first of a line must be than the second, in log-odds.
   *
   * @throws InvalidValueException where the artifact is no line, or does not say it
   */
  public double lead() throws IOException {
    String text = new String(read(ArtifactFiles.LEAD), StandardCharsets.UTF_8);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new InvalidValueException(
          place(ArtifactFiles.LEAD), "'" + text + "' is no number", "put the two in line again");
    }
  }

  /** Where one of its files is, for messages. */
  public String place(String file) {
    return directory.resolve(prefix + file).toString();
  }

  /** Whether two students are in line in it. */
  public boolean line() {
    String second = ArtifactFiles.SECOND + ArtifactFiles.MANIFEST;
    return prefix.isEmpty()
        && manifest.files().stream().anyMatch(each -> each.name().equals(second));
  }

  /** Its signature as it is written; empty where it has none. */
  public Optional<byte[]> signature() throws IOException {
    try {
      return Optional.of(Files.readAllBytes(directory.resolve(ArtifactFiles.SIGNATURE)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads one file, verified once more: what is returned is what was published, whatever happened
   * to the disk since {@link #open}.
   */
  public byte[] read(String name) throws IOException {
    ArtifactFile file =
        manifest.files().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new InvalidValueException(
                    place(ArtifactFiles.MANIFEST) + ".files",
                    "'" + name + "' is not among them",
                    "publish an artifact that has it"));
    return read(file);
  }

  /** D of {@code features/D}. */
  public int dimensions() {
    return Integer.parseInt(manifest.featurizer().substring(FEATURES.length()));
  }

  private static Artifact described(Path directory, String prefix) throws IOException {
    Path file = directory.resolve(prefix + ArtifactFiles.MANIFEST);
    Manifest manifest = ArtifactFiles.manifest(file);
    try {
      requireFeaturizer(manifest);
    } catch (InvalidValueException e) {
      throw e.within(file.toString());
    }
    String version = ArtifactFiles.version(manifest);
    if (!version.equals(manifest.version())) {
      throw new InvalidValueException(
          file + ".version",
          "it says " + manifest.version() + " and the content hashes to " + version,
          "publish the artifact again; a published version is never edited");
    }
    return new Artifact(directory, manifest, prefix);
  }

  private static void requireFeaturizer(Manifest manifest) {
    boolean known =
        switch (manifest.shape()) {
          case BAG -> manifest.featurizer().equals(BagFeaturizer.VERSION);
          case ENCODER -> manifest.featurizer().equals(WordPieces.VERSION);
          case ENCODER_HEAD -> manifest.featurizer().equals(SentenceEncoder.BGE_SMALL);
          case MLP -> manifest.featurizer().matches(FEATURES + "[1-9][0-9]{0,6}");
          case WIN_ROUTER -> manifest.featurizer().equals(WinRouter.FEATURIZER);
        };
    if (!known) {
      String needed =
          switch (manifest.shape()) {
            case BAG -> BagFeaturizer.VERSION;
            case ENCODER -> WordPieces.VERSION;
            case ENCODER_HEAD -> SentenceEncoder.BGE_SMALL;
            case MLP -> FEATURES + "784 or the like";
            case WIN_ROUTER -> WinRouter.FEATURIZER;
          };
      throw new InvalidValueException(
          "featurizer",
          "'" + manifest.featurizer() + "' is not what this build computes, " + needed,
          "train the student again, or serve it with the version that trained it");
    }
  }

  /** What a kill left of a file that was being written is no part of the artifact. */
  private void requireNoOther() throws IOException {
    Set<String> known =
        manifest.files().stream().map(ArtifactFile::name).collect(Collectors.toSet());
    known.add(ArtifactFiles.MANIFEST);
    known.add(ArtifactFiles.SIGNATURE);
    try (Stream<Path> all = Files.list(directory)) {
      Optional<Path> other =
          all.filter(each -> !known.contains(each.getFileName().toString()))
              .filter(each -> !DurableFiles.isPartial(each))
              .sorted()
              .findFirst();
      if (other.isPresent()) {
        throw unlisted(other.get().toString());
      }
    }
  }

  /** The refusal of a file that the manifest does not list. */
  public static InvalidValueException unlisted(String place) {
    return new InvalidValueException(
        place,
        "the manifest does not list it",
        "take it out of the artifact, or publish the artifact again");
  }

  private byte[] read(ArtifactFile file) throws IOException {
    Path path = directory.resolve(prefix + file.name());
    byte[] content;
    try {
      content = requireSize(path, file);
    } catch (NoSuchFileException e) {
      throw damaged(path, "there is no such file");
    }
    String sha256 = ArtifactFiles.sha256(content);
    if (!sha256.equals(file.sha256())) {
      throw damaged(path, "its SHA-256 is " + sha256 + " and the manifest says " + file.sha256());
    }
    return content;
  }

  private static byte[] requireSize(Path path, ArtifactFile file) throws IOException {
    long size = Files.size(path);
    if (size != file.bytes()) {
      throw damaged(path, "it has " + size + " bytes and the manifest says " + file.bytes());
    }
    return Files.readAllBytes(path);
  }

  private static InvalidValueException damaged(Path path, String trouble) {
    return new InvalidValueException(
        path.toString(), trouble, "publish the artifact again from where it was made");
  }
}
