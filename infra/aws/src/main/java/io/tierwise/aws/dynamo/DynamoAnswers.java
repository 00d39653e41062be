package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.Answers;
import io.tierwise.gateway.store.StoredAnswer;
import io.tierwise.router.request.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The exact cache in a table. DynamoDB deletes what has expired; until then it is not answered. */
public final class DynamoAnswers implements Answers {
  private final Table table;
  private final Clock clock;

  public DynamoAnswers(DynamoDbClient client, String table, Clock clock) {
    this.table = new Table(client, table);
    this.clock = clock;
  }

  @Override
  public Optional<StoredAnswer> get(String key) {
    return table.get(key, false).filter(this::isFresh).map(DynamoAnswers::answer);
  }

  private boolean isFresh(Map<String, AttributeValue> item) {
    AttributeValue until = item.get("until");
    return until != null && Instant.parse(until.s()).isAfter(clock.instant());
  }

  private static StoredAnswer answer(Map<String, AttributeValue> item) {
    Map<String, String> texts = new HashMap<>();
    item.forEach((name, value) -> {
      if (value.s() != null) {
        texts.put(name, value.s());
      }
    });
    return StoredAnswer.of(texts);
  }

  @Override
  public void put(
      String key, Tenant tenant, String task, StoredAnswer answer, Duration timeToLive) {
    Instant until = clock.instant().plus(timeToLive);
    Map<String, AttributeValue> item = Table.item(key, answer.fields());
    item.put("tenant", Table.text(tenant.name()));
    item.put("task", Table.text(task));
    item.put("until", Table.text(until.toString()));
    item.put(Table.EXPIRES, Table.number(Long.toString(until.getEpochSecond() + 1)));
    table.calling(
        () -> table.client().putItem(request -> request.tableName(table.name()).item(item)));
  }

  /** Reads the whole table: it is asked for by people, and the table is by key alone. */
  @Override
  public int delete(@Nullable Tenant tenant, @Nullable String task) {
    Map<String, String> wanted = new HashMap<>();
    if (tenant != null) {
      wanted.put("tenant", tenant.name());
    }
    if (task != null) {
      wanted.put("task", task);
    }
    return table.calling(() -> {
      int deleted = 0;
      for (Map<String, AttributeValue> item :
          table.client().scanPaginator(request -> request.tableName(table.name())).items()) {
        boolean meant =
            wanted.entrySet().stream()
                .allMatch(each -> Table.text(each.getValue()).equals(item.get(each.getKey())));
        AttributeValue id = item.get("id");
        if (meant && id != null) {
          table
              .client()
              .deleteItem(request -> request.tableName(table.name()).key(Table.key(id.s())));
          deleted++;
        }
      }
      return deleted;
    });
  }

  /** DynamoDB prunes by itself, and its size is limited by the bill alone. */
  @Override
  public int prune(String task, long maximumEntries) {
    return 0;
  }
}
