package io.tierwise.aws.sagemaker;

import io.tierwise.gateway.tier.RequestSigner;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.regions.Region;

/**
 * Lets an upstream be a SageMaker endpoint: InvokeEndpoint is a POST of what the endpoint's own
 * {@code /invocations} reads, to {@code
 * https://runtime.sagemaker.REGION.amazonaws.com/endpoints/NAME/invocations}, signed with version
 * 4. So the gateway's client, with its timeouts, breaker and retries, is the same for all large
 * models.
 */
public final class InvokeEndpoint implements RequestSigner {
  private static final String HOST = "runtime.sagemaker.";
  private static final String SERVICE = "sagemaker";

  private final AwsCredentialsProvider credentials;
  private final Region region;
  private final Optional<URI> standIn;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  /**
   * @param standIn for the service's own address; empty for none
   */
  public InvokeEndpoint(AwsCredentialsProvider credentials, Region region, Optional<URI> standIn) {
    this.credentials = credentials;
    this.region = region;
    this.standIn = standIn;
  }

  @Override
  public boolean signs(URI target) {
    String host = String.valueOf(target.getHost()).toLowerCase(Locale.ROOT);
    return host.startsWith(HOST)
        || standIn.filter(own -> own.getAuthority().equals(target.getAuthority())).isPresent();
  }

  @Override
  public Map<String, String> headers(URI target, byte[] body) {
    AwsCredentialsIdentity identity = credentials.resolveCredentials();
    SdkHttpRequest request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(target)
            .putHeader("content-type", "application/json")
            .build();
    SignedRequest signed =
        signer.sign(each ->
            each.identity(identity)
                .request(request)
                .payload(ContentStreamProvider.fromByteArray(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region.id()));
    Map<String, String> headers = new LinkedHashMap<>();
    signed
        .request()
        .forEachHeader((name, values) -> {
          // The HTTP client writes it itself, the same.
          if (!name.equalsIgnoreCase("host")) {
            headers.put(name, String.join(",", values));
          }
        });
    return headers;
  }
}
