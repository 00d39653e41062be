package io.tierwise.student.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustTest {
  private static final Clock CLOCK = Clock.systemUTC();

  @TempDir private Path folder;
  private Path file;
  private Trust trust;
  private Artifact artifact;

  @BeforeEach
  void prepare() throws IOException {
    file = folder.resolve("signing.key");
    trust = Trust.of(List.of(SigningKey.make(file)));
    artifact = Artifacts.unloadable(folder.resolve("artifact"), "support", 4);
  }

  @Test
  void takesWhatATrustedKeyHasSigned() throws IOException {
    assertEquals(
        folder.resolve("artifact/manifest.sig")
            + ": there is none, and only signed artifacts are taken; sign it with 'tierwise"
            + " registry sign' and a trusted key, and publish it again",
        assertThrows(InvalidValueException.class, () -> trust.require(artifact)).getMessage());
    SigningKey.read(file).sign(artifact);
    trust.require(Artifact.open(artifact.directory()));
    Trust.of(List.of(SigningKey.make(folder.resolve("other")), text())).require(artifact);
  }

  private String text() {
    return java.util.Base64.getEncoder().encodeToString(trust.keys().getFirst().getEncoded());
  }

  @Test
  void aSignatureOutlivesNewMeasurements() throws IOException {
    SigningKey.read(file).sign(artifact);
    trust.require(ArtifactWriter.measured(artifact, Map.of("p50Micros", 9.0), "this machine"));
  }

  @Test
  void aRegistryTakesNothingUnsignedAndGivesNothingUnsigned() throws IOException {
    Path root = folder.resolve("registry");
    Registry anyone = new DirectoryRegistry(root, CLOCK);
    Registry strict = new DirectoryRegistry(root, CLOCK, trust, null);
    assertThrows(InvalidValueException.class, () -> strict.publish(artifact.directory()));
    String version = anyone.publish(artifact.directory()).manifest().version();
    anyone.point("support", Registry.LIVE, version, "unsigned");
    assertThrows(InvalidValueException.class, () -> strict.resolve("support", Registry.LIVE));
  }

  @Test
  void publishingAgainBringsTheSignature() throws IOException {
    Path root = folder.resolve("registry");
    Registry anyone = new DirectoryRegistry(root, CLOCK);
    String version = anyone.publish(artifact.directory()).manifest().version();
    anyone.point("support", Registry.LIVE, version, "unsigned");
    SigningKey.read(file).sign(artifact);
    Registry strict = new DirectoryRegistry(root, CLOCK, trust, null);
    strict.publish(artifact.directory());
    assertEquals(
        version, strict.resolve("support", Registry.LIVE).orElseThrow().manifest().version());
  }

  @Test
  void aRegistryWithAKeySignsWhatItIsGiven() throws IOException {
    Registry own =
        new DirectoryRegistry(folder.resolve("registry"), CLOCK, trust, SigningKey.read(file));
    trust.require(own.publish(artifact.directory()));
  }

  @Test
  void theSecretHalfIsItsOwnersAloneAndNeverWrittenOver() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertThrows(FileAlreadyExistsException.class, () -> SigningKey.make(file));
  }

  @Test
  void refusesWhatIsNoKey() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "no key");
    assertEquals(
        other + ": it is no Ed25519 key; make one with 'tierwise registry key'",
        assertThrows(InvalidValueException.class, () -> SigningKey.read(other)).getMessage());
    assertThrows(InvalidValueException.class, () -> SigningKey.read(folder.resolve("none")));
    assertEquals(
        "trustedKeys: 'abc' is no public key; copy what 'tierwise registry key' printed",
        assertThrows(InvalidValueException.class, () -> Trust.of(List.of("abc"))).getMessage());
  }
}
