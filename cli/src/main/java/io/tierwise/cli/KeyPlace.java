package io.tierwise.cli;

import io.tierwise.aws.dynamo.KeysTable;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.store.ManagedKeys;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whose keys a command is about: this box's, or a stack's. */
final class KeyPlace {
  @Mixin private ConfigOption config;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "A stack's table of keys, its output KeysTableName; without it, this box's.")
  private @Nullable String table;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = {
        "Stands in for DynamoDB's own address (default: AWS_ENDPOINT_URL_DYNAMODB, then",
        "AWS_ENDPOINT_URL)."
      })
  private @Nullable URI endpoint;

  /** Keys that are to be closed. */
  record OpenKeys(ManagedKeys keys, Runnable closing) implements AutoCloseable {
    @Override
    public void close() {
      closing.run();
    }
  }

  OpenKeys open() throws IOException {
    Clock clock = Clock.systemUTC();
    if (table != null) {
      KeysTable keys = KeysTable.open(table, Endpoints.of(endpoint, "DYNAMODB"), clock);
      return new OpenKeys(keys.keys(), keys::close);
    }
    Database database = Database.open(config.load().data());
    return new OpenKeys(new KeyStore(database, clock, new SecureRandom()), database::close);
  }
}
