package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.ManagedKeys;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A stack's API keys by the name of their table, with a client of its own. */
public final class KeysTable implements AutoCloseable {
  private final DynamoDbClient client;
  private final DynamoKeys keys;

  private KeysTable(DynamoDbClient client, DynamoKeys keys) {
    this.client = client;
    this.keys = keys;
  }

  /**
   * @param endpoint that stands in for DynamoDB's own; no region is needed then
   * @throws io.tierwise.router.InvalidValueException where the region is not known
   */
  public static KeysTable open(String table, Optional<URI> endpoint, Clock clock) {
    DynamoDbClient client = DynamoClients.of(endpoint);
    return new KeysTable(client, new DynamoKeys(client, table, clock, new SecureRandom()));
  }

  public ManagedKeys keys() {
    return keys;
  }

  @Override
  public void close() {
    client.close();
  }
}
