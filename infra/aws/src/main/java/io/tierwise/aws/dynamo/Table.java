package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.StoreException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One table whose items have an {@code id}, and texts or numbers beside it. */
record Table(DynamoDbClient client, String name) {
  /** The attribute that DynamoDB deletes by, in seconds since 1970; hours late, as it pleases. */
  static final String EXPIRES = "expires";

  private static final String ID = "id";

  Optional<Map<String, AttributeValue>> get(String id, boolean consistent) {
    return calling(() -> {
      Map<String, AttributeValue> item =
          client
              .getItem(request -> request.tableName(name).key(key(id)).consistentRead(consistent))
              .item();
      return item.isEmpty() ? Optional.empty() : Optional.of(item);
    });
  }

  static Map<String, AttributeValue> key(String id) {
    return Map.of(ID, text(id));
  }

  static Map<String, AttributeValue> item(String id, Map<String, String> texts) {
    Map<String, AttributeValue> item = new HashMap<>(key(id));
    texts.forEach((field, value) -> item.put(field, text(value)));
    return item;
  }

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue number(String digits) {
    return AttributeValue.fromN(digits);
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
