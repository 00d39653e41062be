package io.tierwise.aws.sagemaker;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

final class InvokeEndpointTest {
  private final InvokeEndpoint signer =
      new InvokeEndpoint(
          StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", "secret")),
          Region.EU_WEST_1,
          Optional.of(URI.create("http://127.0.0.1:9000")));

  private String authorization(String target) {
    Map<String, String> headers = signer.headers(URI.create(target), new byte[] {'{', '}'});
    return headers.get("Authorization");
  }

  @Test
  void signsForTheServiceAndTheRegionThatTheAddressNames() {
    String bedrock =
        authorization("https://bedrock-runtime.us-west-2.amazonaws.com/model/a%3A0/converse");
    assertTrue(bedrock.contains("/us-west-2/bedrock/aws4_request"), bedrock);
    String sagemaker =
        authorization(
            "https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/big/invocations");
    assertTrue(sagemaker.contains("/us-east-1/sagemaker/aws4_request"), sagemaker);
    String standIn = authorization("http://127.0.0.1:9000/endpoints/big/invocations");
    assertTrue(standIn.contains("/eu-west-1/sagemaker/aws4_request"), standIn);
  }

  @Test
  void leavesOtherAddressesAlone() {
    assertFalse(signer.signs(URI.create("https://api.openai.com/v1/chat/completions")));
    assertFalse(signer.signs(URI.create("https://example.com/bedrock-runtime.us-east-1.")));
  }
}
