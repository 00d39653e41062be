package io.tierwise.aws.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.SigningKey;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What functions are told of whose students they may take. */
class TrustedKeysTest {
  @TempDir private Path folder;

  private Registry registry(String keys) {
    return Registries.of(
        new Environment(
            Map.of(
                Environment.REGISTRY,
                folder.resolve("registry").toString(),
                Environment.TRUSTED_KEYS,
                keys)),
        Clock.systemUTC());
  }

  @Test
  void anUnsignedStudentIsRefusedWhereKeysAreNamedAndASignedOneTaken() throws IOException {
    String trusted = SigningKey.make(folder.resolve("signing.key"));
    String other = SigningKey.make(folder.resolve("other.key"));
    Artifact student = Artifacts.unloadable(folder.resolve("student"), "support", 4);
    Registry anyone = registry("");
    String version = anyone.publish(student.directory()).manifest().version();
    anyone.point("support", Registry.LIVE, version, "unsigned");

    Registry strict = registry(other + ", " + trusted);
    assertThrows(InvalidValueException.class, () -> strict.resolve("support", Registry.LIVE));
    SigningKey.read(folder.resolve("signing.key")).sign(student);
    new DirectoryRegistry(folder.resolve("registry"), Clock.systemUTC())
        .publish(student.directory());
    assertEquals(
        version, strict.resolve("support", Registry.LIVE).orElseThrow().manifest().version());
  }
}
