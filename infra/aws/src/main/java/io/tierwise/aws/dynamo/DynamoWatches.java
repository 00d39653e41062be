package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.Watch;
import io.tierwise.gateway.store.WatchLog;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.Put;

/** The watches in a table: an item for each certificate, written over by who knew it before. */
public final class DynamoWatches implements WatchLog {
  private static final String WATCH = "watch/";

  private final ContractTable table;

  public DynamoWatches(DynamoDbClient client, String table) {
    this.table = new ContractTable(client, table);
  }

  @Override
  public Optional<Watch> watch(String task, String certificate) {
    return table.get(task, WATCH + certificate).map(Watch::of);
  }

  @Override
  public boolean advance(String task, String certificate, long from, Watch watch) {
    Put.Builder put =
        ContractTable.put(table, task, WATCH + certificate, watch.fields()).toBuilder();
    if (from == 0) {
      put.conditionExpression("attribute_not_exists(lastAudit)");
    } else {
      put.conditionExpression("lastAudit = :from")
          .expressionAttributeValues(Map.of(":from", Table.text(Long.toString(from))));
    }
    return table.one(put.build());
  }
}
