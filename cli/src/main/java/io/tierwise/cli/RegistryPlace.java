package io.tierwise.cli;

import io.tierwise.aws.s3.BucketRegistry;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TrustConfig;
import io.tierwise.student.artifact.Trust;
import io.tierwise.student.registry.DirectoryRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which registry, where it is not the data directory's own. */
final class RegistryPlace {
  @Option(
      names = "--registry",
      paramLabel = "PLACE",
      description = {
        "A directory, or s3://BUCKET/PREFIX (default: 'registry' in the configuration's data)."
      })
  private @Nullable String place;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = {
        "Stands in for S3's own address (default: AWS_ENDPOINT_URL_S3, then AWS_ENDPOINT_URL)."
      })
  private @Nullable URI endpoint;

  /** Whether another than the configuration's was named. */
  boolean named() {
    return place != null;
  }

  /** The configuration's, or the other that was named. */
  OpenRegistry open(TierwiseConfig config) {
    return named() ? open(config.trust()) : OpenRegistry.of(config.registry(Clock.systemUTC()));
  }

  /**
   * The one that was {@link #named}.
   *
   * @param trusted whose artifacts are taken
   */
  OpenRegistry open(TrustConfig trusted) {
    String where = Objects.requireNonNull(place);
    Clock clock = Clock.systemUTC();
    Trust trust = Trust.of(trusted.artifactKeys());
    if (!BucketRegistry.isOne(where)) {
      return OpenRegistry.of(new DirectoryRegistry(Path.of(where), clock, trust, null));
    }
    BucketRegistry bucket =
        BucketRegistry.open(
            where,
            Endpoints.of(endpoint, "S3"),
            Installation.cache().resolve("registry"),
            clock,
            trust);
    return new OpenRegistry(bucket.registry(), bucket::close);
  }
}
