package io.tierwise.aws.lambda;

import io.tierwise.aws.s3.S3Clients;
import java.time.Duration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The service clients, all on one plain HTTP client: the smallest and steadiest cold start. */
final class Clients {
  private static final int CACHE_SHARE = 6;
  private static final Duration CONNECT = Duration.ofSeconds(1);

  private Clients() {}

  /** Asks once: a caller waits, and the large model is the better second try. */
  static LambdaClient lambda(Environment environment) {
    Duration patience = environment.studentPatience();
    return endpoint(LambdaClient.builder(), environment, "LAMBDA")
        .httpClient(http(patience))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .apiCallTimeout(patience)
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .build())
        .build();
  }

  static SqsClient sqs(Environment environment) {
    return endpoint(SqsClient.builder(), environment, "SQS")
        .httpClient(http(Duration.ofSeconds(2)))
        .build();
  }

  /** For what must be known. */
  static DynamoDbClient dynamo(Environment environment) {
    return dynamo(environment, environment.tablePatience());
  }

  /** A cache that answers late is worse than none. */
  static DynamoDbClient cache(Environment environment) {
    return dynamo(environment, environment.tablePatience().dividedBy(CACHE_SHARE));
  }

  private static DynamoDbClient dynamo(Environment environment, Duration patience) {
    return endpoint(DynamoDbClient.builder(), environment, "DYNAMODB")
        .httpClient(http(patience))
        .overrideConfiguration(options -> options.apiCallTimeout(patience))
        .build();
  }

  static S3Client s3(Environment environment) {
    return S3Clients.of(environment.endpoint("S3"));
  }

  static SfnClient sfn(Environment environment) {
    return endpoint(SfnClient.builder(), environment, "SFN")
        .httpClient(http(Duration.ofSeconds(5)))
        .build();
  }

  static SdkHttpClient http(Duration patience) {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(CONNECT)
        .socketTimeout(patience)
        .build();
  }

  static <B extends AwsClientBuilder<B, C>, C> B endpoint(
      B builder, Environment environment, String service) {
    environment.endpoint(service).ifPresent(builder::endpointOverride);
    return builder;
  }
}
