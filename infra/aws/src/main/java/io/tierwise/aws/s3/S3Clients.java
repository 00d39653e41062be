package io.tierwise.aws.s3;

import io.tierwise.aws.region.Regions;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients of S3, or of what stands in for it, on a plain HTTP client. */
public final class S3Clients {
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private S3Clients() {}

  /**
   * With the region and the credentials of the environment; what stands in for S3 needs no region.
   *
   * @param endpoint that stands in for S3's own
   */
  public static S3Client of(Optional<URI> endpoint) {
    return builder(endpoint).build();
  }

  static S3ClientBuilder builder(Optional<URI> endpoint) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Regions.of(endpoint, "the bucket"))
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(PATIENCE))
            .overrideConfiguration(options -> options.addExecutionInterceptor(new PlainPuts()));
    // What stands in for S3 may answer before it has read the checksum that trails the content.
    endpoint.ifPresent(address ->
        builder
            .endpointOverride(address)
            .forcePathStyle(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED));
    return builder;
  }
}
