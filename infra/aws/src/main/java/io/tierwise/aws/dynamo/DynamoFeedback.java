package io.tierwise.aws.dynamo;

import static java.util.stream.Collectors.joining;

import io.tierwise.gateway.store.Accuracy;
import io.tierwise.gateway.store.Feedback;
import io.tierwise.gateway.store.FeedbackRow;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
  public void keep(
      Tenant tenant, String requestId, Label label, @Nullable String task, @Nullable Label given) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("tenant", tenant.name());
    fields.put("requestId", requestId);
    fields.put("label", label.value());
    fields.put("at", clock.instant().toString());
    if (task != null) {
      fields.put("task", task);
    }
    // A later correction, which may not know it any more, leaves it.
    if (given != null) {
      fields.put("given", given.value());
    }
    Map<String, String> names = new HashMap<>();
    Map<String, AttributeValue> values = new HashMap<>();
    fields.forEach((name, value) -> {
      names.put("#" + name, name);
      values.put(":" + name, Table.text(value));
    });
    String sets =
        fields.keySet().stream().map(name -> "#" + name + " = :" + name).collect(joining(", "));
    table.calling(() ->
        table
            .client()
            .updateItem(request ->
                request
                    .tableName(table.name())
                    .key(Table.key(tenant.name() + "/" + requestId))
                    .updateExpression("SET " + sets)
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values)));
  }

  @Override
  public Accuracy volunteered(String task) {
    List<Map<String, String>> judged =
        items()
            .filter(fields -> task.equals(fields.get("task")) && fields.containsKey("given"))
            .toList();
    long right =
        judged.stream()
            .filter(fields -> Objects.equals(fields.get("given"), fields.get("label")))
            .count();
    return new Accuracy(judged.size(), (int) right);
  }

  @Override
  public List<FeedbackRow> rows() {
    return items()
        .map(DynamoFeedback::row)
        .sorted(
            Comparator.comparing(FeedbackRow::requestId).thenComparing(row -> row.tenant().name()))
        .toList();
  }

  private Stream<Map<String, String>> items() {
    return table.calling(() ->
        table
            .client()
            .scanPaginator(request -> request.tableName(table.name()).consistentRead(true))
            .items()
            .stream()
            .map(ContractTable::texts)
            .toList()
            .stream());
  }

  private static FeedbackRow row(Map<String, String> fields) {
    return new FeedbackRow(
        new Tenant(Objects.requireNonNull(fields.get("tenant"))),
        Objects.requireNonNull(fields.get("requestId")),
        new Label(Objects.requireNonNull(fields.get("label"))),
        Instant.parse(Objects.requireNonNull(fields.get("at"))));
  }
}
