package io.tierwise.aws.lambda;

import io.tierwise.aws.s3.BucketRegistry;
import io.tierwise.aws.s3.S3Registry;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Where a function finds artifacts: in a bucket, in a directory, or nowhere. */
final class Registries {
  private static final Path COPIES = Path.of("/tmp/registry");

  private Registries() {}

  static @Nullable Registry of(Environment environment, Clock clock) {
    return environment
        .get(Environment.BUCKET)
        .<Registry>map(bucket ->
            new S3Registry(
                Clients.s3(environment),
                bucket,
                BucketRegistry.PREFIX,
                COPIES,
                clock,
                environment.trust()))
        .or(() ->
            environment
                .get(Environment.REGISTRY)
                .map(directory ->
                    new DirectoryRegistry(Path.of(directory), clock, environment.trust(), null)))
        .orElse(null);
  }
}
