package io.tierwise.aws.s3;

import io.tierwise.student.registry.RegistryMover;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * {@link RegistryMover} on a bucket, as a process of its own. The first arguments are the endpoint,
 * the bucket, and a directory for copies.
 */
final class BucketMover {
  private BucketMover() {}

  public static void main(String[] arguments) throws IOException {
    try (S3Client s3 = LocalS3.client(URI.create(arguments[0]))) {
      RegistryMover.run(
          new S3Registry(s3, arguments[1], "registry", Path.of(arguments[2]), Clock.systemUTC()),
          List.of(arguments).subList(3, arguments.length));
    }
  }
}
