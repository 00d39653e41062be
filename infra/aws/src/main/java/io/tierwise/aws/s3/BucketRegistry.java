package io.tierwise.aws.s3;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Trust;
import io.tierwise.student.registry.CuratedRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3Client;

/** A registry by the name of its place, {@code s3://BUCKET/PREFIX}, with a client of its own. */
public final class BucketRegistry implements AutoCloseable {
  /** Where the functions keep theirs. */
  public static final String PREFIX = "registry";

  private static final String SCHEME = "s3://";
  private static final Pattern PLACE =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/?([A-Za-z0-9._/-]*?)/*");

  private final S3Client client;
  private final S3Registry registry;

  private BucketRegistry(S3Client client, S3Registry registry) {
    this.client = client;
    this.registry = registry;
  }

  /** Whether a registry's place is in a bucket, and no directory. */
  public static boolean isOne(String place) {
    return place.startsWith(SCHEME);
  }

  /**
   * @param place {@code s3://BUCKET} or {@code s3://BUCKET/PREFIX}; the prefix is {@value #PREFIX}
   *     where there is none
   * @param endpoint that stands in for S3's own; no region is needed then
   * @param copies where versions are copied to
   * @param trust whose artifacts are taken, in and out
   * @throws InvalidValueException where it is no such place, or the region is not known
   */
  public static BucketRegistry open(
      String place, Optional<URI> endpoint, Path copies, Clock clock, Trust trust) {
    Matcher parts = PLACE.matcher(place);
    if (!parts.matches()) {
      throw new InvalidValueException(
          "registry", "'" + place + "' names no bucket", "write s3://BUCKET/PREFIX");
    }
    String bucket = parts.group(1);
    String prefix = parts.group(2).isEmpty() ? PREFIX : parts.group(2);
    S3Client client = S3Clients.of(endpoint);
    return new BucketRegistry(
        client,
        new S3Registry(
            client, bucket, prefix, copies.resolve(bucket).resolve(prefix), clock, trust));
  }

  public CuratedRegistry registry() {
    return registry;
  }

  @Override
  public void close() {
    client.close();
  }
}
