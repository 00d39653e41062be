package io.tierwise.cli;

import io.tierwise.aws.dynamo.DynamoClients;
import io.tierwise.aws.s3.S3Clients;
import io.tierwise.aws.stack.Stack;
import io.tierwise.distill.cycle.StudentCycle;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.router.InvalidValueException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Where a job learns from and publishes to: this box's data directory, or a stack on AWS. */
final class StackOption {
  @Option(
      names = "--bucket",
      paramLabel = "NAME",
      description = {
        "A stack's bucket of corpus and registry, its output ArtifactBucketName; without it, the",
        "configuration's data directory."
      })
  private @Nullable String bucket;

  @Option(
      names = "--contracts-table",
      paramLabel = "NAME",
      description = "The stack's table of gates and audits, its output ContractsTableName.")
  private @Nullable String contracts;

  /** Stores that are to be closed. */
  record OpenStores(StudentCycle.Stores stores, Runnable closing) implements AutoCloseable {
    @Override
    public void close() {
      closing.run();
    }
  }

  /**
   * @param database of the data directory, where a stack's job keeps its notes as well
   */
  OpenStores open(Database database, TierwiseConfig config, Clock clock) {
    if (bucket == null && contracts == null) {
      return new OpenStores(StudentCycle.Stores.of(database, config, clock), () -> {});
    }
    if (bucket == null || contracts == null) {
      throw new InvalidValueException(
          bucket == null ? "--bucket" : "--contracts-table",
          "it is missing",
          "name the stack's bucket and its table, or neither of them");
    }
    S3Client s3 = S3Clients.of(Endpoints.of(null, "S3"));
    DynamoDbClient dynamo = DynamoClients.of(Endpoints.of(null, "DYNAMODB"));
    Path copies = Installation.cache().resolve("registry").resolve(bucket);
    return new OpenStores(
        stores(Stack.of(s3, bucket, dynamo, contracts, copies, clock), database, clock),
        () -> {
          dynamo.close();
          s3.close();
        });
  }

  /** The tenants' own certificates have no place in a stack; they stay with the job. */
  static StudentCycle.Stores stores(Stack stack, Database database, Clock clock) {
    return new StudentCycle.Stores(
        stack.corpus(),
        stack.audits(),
        stack.gates(),
        new SliceStore(database, stack.gates(), clock),
        stack.registry());
  }
}
