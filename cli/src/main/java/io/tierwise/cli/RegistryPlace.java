package io.tierwise.cli;

import io.tierwise.aws.s3.BucketRegistry;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.student.registry.DirectoryRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;
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

  /**
   * @param config asked for where no other place was named
   */
  OpenRegistry open(Supplier<TierwiseConfig> config) {
    Clock clock = Clock.systemUTC();
    if (place == null) {
      return OpenRegistry.of(config.get().registry(clock));
    }
    if (!BucketRegistry.isOne(place)) {
      return OpenRegistry.of(new DirectoryRegistry(Path.of(place), clock));
    }
    BucketRegistry bucket =
        BucketRegistry.open(
            place, Endpoints.of(endpoint, "S3"), Installation.cache().resolve("registry"), clock);
    return new OpenRegistry(bucket.registry(), bucket::close);
  }
}
