package io.tierwise.aws.s3;

import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.SigningKey;
import io.tierwise.student.artifact.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Key pairs by name, made when they are first asked for, and what they sign. */
final class Signatures {
  private static final Map<String, Pair> PAIRS = new ConcurrentHashMap<>();

  private Signatures() {}

  private record Pair(SigningKey secret, Trust trust) {}

  static Trust trust(String key) {
    return pair(key).trust();
  }

  /** The signature of {@link Artifacts#unloadable} of this content. */
  static byte[] of(String key, int content) {
    try {
      Path folder = Files.createTempDirectory("signed");
      Artifact artifact =
          Artifacts.unloadable(folder.resolve("artifact"), BadArtifacts.TASK, content);
      pair(key).secret().sign(artifact);
      return artifact.signature().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Pair pair(String key) {
    return PAIRS.computeIfAbsent(
        key,
        name -> {
          try {
            Path file = Files.createTempDirectory("keys").resolve(name);
            String trusted = SigningKey.make(file);
            return new Pair(SigningKey.read(file), Trust.of(List.of(trusted)));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
