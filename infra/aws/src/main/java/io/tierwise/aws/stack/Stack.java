package io.tierwise.aws.stack;

import io.tierwise.aws.dynamo.DynamoAudits;
import io.tierwise.aws.dynamo.DynamoGates;
import io.tierwise.aws.s3.BucketRegistry;
import io.tierwise.aws.s3.S3Corpus;
import io.tierwise.aws.s3.S3Registry;
import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.student.registry.Registry;
import java.nio.file.Path;
import java.time.Clock;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the jobs of a stack learn from and where their students go: the corpus and the registry in
 * its bucket, the audits and the gates in its table of contracts.
 */
public record Stack(Corpus corpus, AuditHistory audits, GateStore gates, Registry registry) {
  /**
   * @param bucket the stack's output ArtifactBucketName
   * @param contracts the stack's output ContractsTableName
   * @param copies where versions of the registry are copied to
   */
  public static Stack of(
      S3Client s3,
      String bucket,
      DynamoDbClient dynamo,
      String contracts,
      Path copies,
      Clock clock) {
    DynamoGates log = new DynamoGates(dynamo, contracts);
    return new Stack(
        new S3Corpus(s3, bucket, clock),
        new DynamoAudits(dynamo, contracts, clock),
        new GateStore(log, log, log, clock),
        new S3Registry(s3, bucket, BucketRegistry.PREFIX, copies, clock));
  }
}
