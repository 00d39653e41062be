package io.tierwise.aws.sagemaker;

import io.tierwise.gateway.tier.RequestSigner;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * Lets an upstream be a SageMaker endpoint, or a model on Bedrock: InvokeEndpoint is a POST of what
 * the endpoint's own {@code /invocations} reads, to {@code
 * https://runtime.sagemaker.REGION.amazonaws.com/endpoints/NAME/invocations}, and Converse one of
 * the question to {@code https://bedrock-runtime.REGION.amazonaws.com/model/ID/converse}, both
 * signed with version 4. So the gateway's client, with its timeouts, breaker and retries, is the
 * same for all large models.
 */
public final class InvokeEndpoint implements RequestSigner {
  private static final Pattern SAGEMAKER = Pattern.compile("runtime\\.sagemaker\\.(.+?)\\..*");
  private static final Pattern BEDROCK = Pattern.compile("bedrock-runtime\\.(.+?)\\..*");

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

  /** What a signature is for. */
  private record Signed(String service, String region) {}

  /** Empty where nothing is signed. A service's own address names its region. */
  private Optional<Signed> signed(URI target) {
    String host = String.valueOf(target.getHost()).toLowerCase(Locale.ROOT);
    Matcher bedrock = BEDROCK.matcher(host);
    if (bedrock.matches()) {
      return Optional.of(new Signed("bedrock", bedrock.group(1)));
    }
    Matcher sagemaker = SAGEMAKER.matcher(host);
    if (sagemaker.matches()) {
      return Optional.of(new Signed("sagemaker", sagemaker.group(1)));
    }
    return standIn
        .filter(own -> own.getAuthority().equals(target.getAuthority()))
        .map(own -> new Signed("sagemaker", region.id()));
  }

  @Override
  public boolean signs(URI target) {
    return signed(target).isPresent();
  }

  @Override
  public Map<String, String> headers(URI target, byte[] body) {
    Signed scope = signed(target).orElseThrow();
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
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, scope.service())
                .putProperty(AwsV4HttpSigner.REGION_NAME, scope.region()));
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
