package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * The one table of all that is kept of the tasks' contracts: {@code task}, and {@code item}, whose
 * first segment says what it is. Reads are consistent, for decisions are made by them.
 */
record ContractTable(DynamoDbClient client, String name) {
  private static final String TASK = "task";
  private static final String ITEM = "item";

  /** Sorts after every item of the same segment. */
  private static final String END = "~";

  private static final int DIGITS = 15;

  /** A number that sorts as text. */
  static String place(long number) {
    return String.format(java.util.Locale.ROOT, "%0" + DIGITS + "d", number);
  }

  static long number(String place) {
    return Long.parseLong(place.substring(place.length() - DIGITS));
  }

  static Map<String, AttributeValue> key(String task, String item) {
    return Map.of(TASK, Table.text(task), ITEM, Table.text(item));
  }

  static Put put(ContractTable table, String task, String item, Map<String, String> fields) {
    Map<String, AttributeValue> all = new HashMap<>(key(task, item));
    fields.forEach((field, value) -> all.put(field, Table.text(value)));
    return Put.builder().tableName(table.name()).item(all).build();
  }

  /** The texts of an item, its key's included. */
  static Map<String, String> texts(Map<String, AttributeValue> item) {
    Map<String, String> texts = new HashMap<>();
    item.forEach((field, value) -> texts.put(field, value.s() == null ? value.n() : value.s()));
    return texts;
  }

  Optional<Map<String, String>> get(String task, String item) {
    return calling(() -> {
      Map<String, AttributeValue> found =
          client
              .getItem(request -> request.tableName(name).key(key(task, item)).consistentRead(true))
              .item();
      return found.isEmpty() ? Optional.empty() : Optional.of(texts(found));
    });
  }

  /** All items of a segment, in their order, from after one of them on. */
  List<Map<String, String>> segment(String task, String segment, String after) {
    QueryRequest request = range(task, segment + after + (after.isEmpty() ? "" : END), segment);
    return calling(
        () -> client.queryPaginator(request).items().stream().map(ContractTable::texts).toList());
  }

  /** The last items of a segment, the last first. */
  List<Map<String, String>> last(String task, String segment, int most) {
    QueryRequest request =
        range(task, segment, segment).toBuilder().scanIndexForward(false).limit(most).build();
    return calling(() ->
        client.queryPaginator(request).items().stream()
            .limit(most)
            .map(ContractTable::texts)
            .toList());
  }

  private QueryRequest range(String task, String from, String segment) {
    return QueryRequest.builder()
        .tableName(name)
        .consistentRead(true)
        .keyConditionExpression("#task = :task AND #item BETWEEN :from AND :to")
        .expressionAttributeNames(Map.of("#task", TASK, "#item", ITEM))
        .expressionAttributeValues(
            Map.of(
                ":task", Table.text(task),
                ":from", Table.text(from),
                ":to", Table.text(segment + END)))
        .build();
  }

  /**
   * Writes all or nothing.
   *
   * @return false when a condition did not hold, or another writer was at the same items
   */
  boolean together(List<TransactWriteItem> writes) {
    return calling(() -> {
      try {
        client.transactWriteItems(request -> request.transactItems(writes));
        return true;
      } catch (TransactionCanceledException e) {
        boolean refused =
            e.cancellationReasons().stream()
                .anyMatch(reason ->
                    "ConditionalCheckFailed".equals(reason.code())
                        || "TransactionConflict".equals(reason.code()));
        if (refused) {
          return false;
        }
        throw e;
      }
    });
  }

  /** Writes one item; false when its condition did not hold. */
  boolean one(Put put) {
    return calling(() -> {
      try {
        client.putItem(request ->
            request
                .tableName(name)
                .item(put.item())
                .conditionExpression(put.conditionExpression())
                .expressionAttributeNames(
                    put.hasExpressionAttributeNames() ? put.expressionAttributeNames() : null)
                .expressionAttributeValues(
                    put.hasExpressionAttributeValues() ? put.expressionAttributeValues() : null));
        return true;
      } catch (ConditionalCheckFailedException | TransactionConflictException e) {
        return false;
      }
    });
  }

  /**
   * @throws StoreException for whatever the service or the way there has to say
   */
  <T> T calling(Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw StoreException.outside(name, e);
    }
  }
}
