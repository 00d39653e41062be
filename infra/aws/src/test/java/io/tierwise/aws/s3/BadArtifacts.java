package io.tierwise.aws.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.artifact.Trust;
import io.tierwise.student.onnx.Graphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Artifacts that are refused, each for one thing that is wrong with it. */
final class BadArtifacts {
  static final String TASK = "support";

  private static final String MODEL = ArtifactFiles.MODEL;
  private static final String MANIFEST = ArtifactFiles.MANIFEST;
  private static final String SIGNATURE = ArtifactFiles.SIGNATURE;

  private BadArtifacts() {}

  /** Who refuses it. */
  enum Refusal {
    OPENING("opening it"),
    LOADING("loading the student");

    private final String text;

    Refusal(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Makes the sound artifact that is damaged then, or one that is bad as it is. */
  @FunctionalInterface
  interface Making {
    Artifact in(Path directory) throws IOException;
  }

  /** Changes the files of an artifact, content by name. */
  @FunctionalInterface
  interface Damage {
    void on(Map<String, byte[]> files);
  }

  /**
   * One thing that is wrong.
   *
   * @param trust of whoever opens it
   */
  record Case(String name, Refusal refusal, Making making, Damage damage, Trust trust) {
    Case(String name, Refusal refusal, Making making, Damage damage) {
      this(name, refusal, making, damage, Trust.ANYONE);
    }
  }

  static List<Case> cases() {
    return List.of(
        damaged(
            "one byte of the graph is another", files -> files.put(MODEL, new byte[] {1, 2, 7, 9})),
        damaged("the graph is cut short", files -> files.put(MODEL, new byte[] {1, 2})),
        damaged("the graph is missing", files -> files.remove(MODEL)),
        manifest("another hash in the manifest", "\"sha256\" : \"a", "\"sha256\" : \"b"),
        manifest("another label in the manifest", "\"yes\"", "\"maybe\""),
        manifest("a newer format", "\"formatVersion\" : 2", "\"formatVersion\" : 3"),
        manifest("a format below the oldest", "\"formatVersion\" : 2", "\"formatVersion\" : 0"),
        manifest(
            "a format that is no number", "\"formatVersion\" : 2", "\"formatVersion\" : \"2\""),
        damaged(
            "a file that the manifest does not list",
            files -> files.put("notes.txt", "hello".getBytes(UTF_8))),
        manifest("a name that leads elsewhere", "\"model.onnx\"", "\"../model.onnx\""),
        manifest("a name that is a path", "\"model.onnx\"", "\"/etc/passwd\""),
        manifest("another version of the featurizer", "\"bag/1\"", "\"bag/2\""),
        manifest("a shape that is none", "\"bag\"", "\"tree\""),
        damaged(
            "a manifest that is cut short",
            files -> files.put(MANIFEST, Arrays.copyOf(content(files, MANIFEST), 20))),
        manifest("a field of the manifest is missing", "\"lineage\"", "\"lineages\""),
        bad("a graph that is none", directory -> Artifacts.unloadable(directory, TASK, 9)),
        bad(
            "a graph for other labels",
            directory ->
                mlp(directory, Map.of(MODEL, Graphs.linear(new float[2][3], new float[3])))),
        bad(
            "a graph with other inputs",
            directory ->
                ArtifactWriter.write(
                    directory,
                    Artifacts.bag(TASK, List.of("no", "yes")),
                    Map.of(MODEL, Graphs.linear(new float[2][2], new float[2])))),
        bad(
            "a compiled graph that does not say for what",
            directory ->
                mlp(
                    directory,
                    Map.of(MODEL, linear(), ArtifactFiles.COMPILED, new byte[] {1, 2, 3}))),
        untrusted("no signature, where one is wanted", files -> files.remove(SIGNATURE)),
        untrusted(
            "the signature of a key that is not trusted",
            files -> files.put(SIGNATURE, Signatures.of("another", 9))),
        untrusted(
            "the signature of another artifact",
            files -> files.put(SIGNATURE, Signatures.of("trusted", 8))),
        untrusted(
            "a signature that is cut short",
            files -> files.put(SIGNATURE, Arrays.copyOf(content(files, SIGNATURE), 44))),
        untrusted(
            "a signature that is none", files -> files.put(SIGNATURE, "by me".getBytes(UTF_8))));
  }

  /** Compiled for a machine that is not this one, and of no use here. */
  static Artifact foreign(Path directory) throws IOException {
    return mlp(
        directory,
        Map.of(
            MODEL,
            linear(),
            ArtifactFiles.COMPILED,
            new byte[] {1, 2, 3},
            ArtifactFiles.TARGET,
            "another machine".getBytes(UTF_8)));
  }

  private static byte[] linear() {
    return Graphs.linear(new float[][] {{1, 0}, {0, -1}}, new float[2]);
  }

  private static Artifact mlp(Path directory, Map<String, byte[]> files) throws IOException {
    return ArtifactWriter.write(
        directory, Artifacts.draft(TASK, Shape.MLP, "features/2", List.of("no", "yes")), files);
  }

  private static Case damaged(String name, Damage damage) {
    return new Case(
        name, Refusal.OPENING, directory -> Artifacts.unloadable(directory, TASK, 9), damage);
  }

  /** Signed by a trusted key before it is damaged. */
  private static Case untrusted(String name, Damage damage) {
    return new Case(
        name,
        Refusal.OPENING,
        directory -> {
          Artifact made = Artifacts.unloadable(directory, TASK, 9);
          Files.write(directory.resolve(SIGNATURE), Signatures.of("trusted", 9));
          return made;
        },
        damage,
        Signatures.trust("trusted"));
  }

  private static Case bad(String name, Making making) {
    return new Case(name, Refusal.LOADING, making, files -> {});
  }

  private static Case manifest(String name, String old, String changed) {
    return damaged(
        name,
        files -> {
          String text = new String(content(files, MANIFEST), UTF_8);
          String edited = text.replace(old, changed);
          if (edited.equals(text)) {
            throw new AssertionError(old + " is not in " + text);
          }
          files.put(MANIFEST, edited.getBytes(UTF_8));
        });
  }

  private static byte[] content(Map<String, byte[]> files, String name) {
    return Objects.requireNonNull(files.get(name), name);
  }
}
