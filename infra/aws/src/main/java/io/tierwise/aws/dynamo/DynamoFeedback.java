package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.Feedback;
import io.tierwise.gateway.store.FeedbackRow;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The corrections in a table: an item for each tenant's request. */
public final class DynamoFeedback implements Feedback {
  private final Table table;
  private final Clock clock;

  public DynamoFeedback(DynamoDbClient client, String table, Clock clock) {
    this.table = new Table(client, table);
    this.clock = clock;
  }

  @Override
  public void keep(Tenant tenant, String requestId, Label label) {
    Map<String, AttributeValue> item =
        Table.item(
            tenant.name() + "/" + requestId,
            Map.of(
                "tenant", tenant.name(),
                "requestId", requestId,
                "label", label.value(),
                "at", clock.instant().toString()));
    table.calling(
        () -> table.client().putItem(request -> request.tableName(table.name()).item(item)));
  }

  @Override
  public List<FeedbackRow> rows() {
    return table.calling(() ->
        table
            .client()
            .scanPaginator(request -> request.tableName(table.name()).consistentRead(true))
            .items()
            .stream()
            .map(ContractTable::texts)
            .map(DynamoFeedback::row)
            .sorted(
                Comparator.comparing(FeedbackRow::requestId)
                    .thenComparing(row -> row.tenant().name()))
            .toList());
  }

  private static FeedbackRow row(Map<String, String> fields) {
    return new FeedbackRow(
        new Tenant(Objects.requireNonNull(fields.get("tenant"))),
        Objects.requireNonNull(fields.get("requestId")),
        new Label(Objects.requireNonNull(fields.get("label"))),
        Instant.parse(Objects.requireNonNull(fields.get("at"))));
  }
}
