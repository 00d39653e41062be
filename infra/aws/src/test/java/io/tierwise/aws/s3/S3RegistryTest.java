package io.tierwise.aws.s3;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.student.registry.Registry;
import io.tierwise.student.registry.RegistryContract;
import io.tierwise.student.registry.RegistryHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The registry in a bucket holds to what the registry in a directory does. */
class S3RegistryTest extends RegistryContract {
  private static LocalS3 s3;
  private String bucket;

  @BeforeAll
  static void start() throws Exception {
    s3 = new LocalS3();
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Override
  protected Registry open(Clock clock) {
    return registry(clock);
  }

  @Override
  protected RegistryHistory openHistory() {
    return registry(CLOCK);
  }

  private S3Registry registry(Clock clock) {
    if (bucket == null) {
      bucket = s3.bucket();
    }
    try {
      // Every handle has its own copies, as every sandbox has.
      return new S3Registry(s3.client(), bucket, Files.createTempDirectory(work, "copies"), clock);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aMissingBucketIsTroubleWithTheStore() {
    S3Registry lost = new S3Registry(s3.client(), "not-there", work.resolve("copies"), CLOCK);
    assertThrows(IOException.class, () -> lost.resolve("support", Registry.LIVE));
  }
}
