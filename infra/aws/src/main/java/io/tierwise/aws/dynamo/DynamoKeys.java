package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.IssuedKey;
import io.tierwise.gateway.store.KeyRow;
import io.tierwise.gateway.store.KeyText;
import io.tierwise.gateway.store.ManagedKeys;
import io.tierwise.router.request.Tenant;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Select;

/** The API keys in a table, in the form of {@link KeyText}; only the digest of a secret is kept. */
public final class DynamoKeys implements ManagedKeys {
  private static final String DIGEST = "secretSha256";
  private static final String TENANT = "tenant";
  private static final String REVOKED = "revokedAt";

  private final Table table;
  private final Clock clock;
  private final SecureRandom random;

  public DynamoKeys(DynamoDbClient client, String table, Clock clock, SecureRandom random) {
    this.table = new Table(client, table);
    this.clock = clock;
    this.random = random;
  }

  @Override
  public IssuedKey add(Tenant tenant, String note) {
    KeyText key = KeyText.draw(random);
    Map<String, AttributeValue> item =
        Table.item(
            key.id(),
            Map.of(
                TENANT,
                tenant.name(),
                "note",
                note,
                DIGEST,
                HexFormat.of().formatHex(key.digest()),
                "createdAt",
                clock.instant().toString()));
    table.calling(() ->
        table
            .client()
            .putItem(request ->
                request
                    .tableName(table.name())
                    .item(item)
                    .conditionExpression("attribute_not_exists(id)")));
    return new IssuedKey(key.id(), key.toString());
  }

  @Override
  public List<KeyRow> list() {
    return table.calling(() ->
        table
            .client()
            .scanPaginator(request -> request.tableName(table.name()).consistentRead(true))
            .items()
            .stream()
            .map(DynamoKeys::row)
            .sorted(Comparator.comparing(KeyRow::createdAt).thenComparing(KeyRow::id))
            .toList());
  }

  private static KeyRow row(Map<String, AttributeValue> item) {
    return new KeyRow(
        value(item, "id"),
        value(item, TENANT),
        value(item, "note"),
        Instant.parse(value(item, "createdAt")),
        item.containsKey(REVOKED) ? Instant.parse(value(item, REVOKED)) : null,
        false);
  }

  @Override
  public boolean revoke(String id) {
    return table.calling(() -> {
      try {
        table
            .client()
            .updateItem(request ->
                request
                    .tableName(table.name())
                    .key(Table.key(id))
                    .updateExpression("SET revokedAt = :now")
                    .conditionExpression("attribute_exists(id) AND attribute_not_exists(revokedAt)")
                    .expressionAttributeValues(
                        Map.of(":now", Table.text(clock.instant().toString()))));
        return true;
      } catch (software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException e) {
        return false;
      }
    });
  }

  @Override
  public Optional<Tenant> authenticate(String presented) {
    return KeyText.parse(presented).flatMap(this::holder);
  }

  private Optional<Tenant> holder(KeyText key) {
    Optional<Map<String, AttributeValue>> item =
        table.get(key.id(), true).filter(found -> !found.containsKey(REVOKED));
    // Nobody's key takes as long as somebody's.
    byte[] expected =
        item.map(found -> HexFormat.of().parseHex(String.valueOf(value(found, DIGEST))))
            .orElse(KeyText.NOBODY.digest());
    boolean proven = MessageDigest.isEqual(expected, key.digest());
    return item.filter(found -> proven).map(found -> new Tenant(value(found, TENANT)));
  }

  private static String value(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    if (value == null) {
      throw new IllegalStateException("a key lacks its " + name);
    }
    return value.s();
  }

  @Override
  public boolean isEmpty() {
    return table.calling(() ->
        table
                .client()
                .scan(request ->
                    request
                        .tableName(table.name())
                        .limit(1)
                        .select(Select.COUNT)
                        .consistentRead(true))
                .count()
            == 0);
  }
}
