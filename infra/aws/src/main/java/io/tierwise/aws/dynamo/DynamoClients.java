package io.tierwise.aws.dynamo;

import io.tierwise.aws.region.Regions;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** Clients of DynamoDB, or of what stands in for it, for commands: nobody waits for an answer. */
public final class DynamoClients {
  private DynamoClients() {}

  /**
   * With the region and the credentials of the environment.
   *
   * @param endpoint that stands in for DynamoDB's own; no region is needed then
   * @throws io.tierwise.router.InvalidValueException where the region is not known
   */
  public static DynamoDbClient of(Optional<URI> endpoint) {
    DynamoDbClientBuilder builder =
        DynamoDbClient.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .region(Regions.of(endpoint, "the table"));
    endpoint.ifPresent(builder::endpointOverride);
    return builder.build();
  }
}
