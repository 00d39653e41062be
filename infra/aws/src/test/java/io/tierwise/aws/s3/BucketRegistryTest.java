package io.tierwise.aws.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BucketRegistryTest {
  @TempDir private Path work;

  @BeforeEach
  void haveCredentials() {
    System.setProperty("aws.accessKeyId", "nobody");
    System.setProperty("aws.secretAccessKey", "nothing");
  }

  @AfterEach
  void haveNone() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @ParameterizedTest
  @CsvSource({
    "'', registry/",
    "/, registry/",
    "/registry, registry/",
    "/students/of-mine/, students/of-mine/"
  })
  void keepsToThePrefixOfItsPlace(String prefix, String keys) throws Exception {
    Artifact artifact = Artifacts.unloadable(work.resolve("artifact"), "support", 1);
    try (LocalS3 s3 = new LocalS3()) {
      String bucket = s3.bucket();
      try (BucketRegistry opened = open("s3://" + bucket + prefix, s3.endpoint())) {
        opened.registry().publish(artifact.directory());
        assertEquals(List.of("support"), opened.registry().tasks());
      }
      String version = artifact.manifest().version();
      assertEquals(
          List.of(
              keys + "support/versions/" + version + "/manifest.json",
              keys + "support/versions/" + version + "/model.onnx"),
          new Objects(s3.client(), bucket).list("").stream().map(Objects.Listed::key).toList());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://", "s3:///prefix", "s3://Bucket", "s3://bucket/a b", "s3://b"})
  void refusesWhatNamesNoBucket(String place) {
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class, () -> open(place, URI.create("http://127.0.0.1:1")));
    assertEquals("registry", refused.field());
    assertEquals("write s3://BUCKET/PREFIX", refused.fix());
  }

  @Test
  void anEndpointThatNobodyAnswersAtIsTroubleWithTheStore() {
    try (BucketRegistry lost = open("s3://bucket", URI.create("http://127.0.0.1:1"))) {
      IOException trouble = assertThrows(IOException.class, () -> lost.registry().tasks());
      assertTrue(
          String.valueOf(trouble.getMessage()).startsWith("s3://bucket/registry/: "),
          trouble.getMessage());
    }
  }

  @Test
  void knowsABucketFromADirectory() {
    assertTrue(BucketRegistry.isOne("s3://bucket/prefix"));
    assertFalse(BucketRegistry.isOne("data/registry"));
  }

  private BucketRegistry open(String place, URI endpoint) {
    return BucketRegistry.open(
        place, Optional.of(endpoint), work.resolve("copies"), Clock.systemUTC(), Trust.ANYONE);
  }
}
