package io.tierwise.aws.dynamo;

import io.tierwise.gateway.store.IssuedKey;
import io.tierwise.gateway.store.KeyHolder;
import io.tierwise.gateway.store.KeyText;
import io.tierwise.gateway.store.Keys;
import io.tierwise.router.request.Tenant;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Select;

/** The API keys in a table, in the form of {@link KeyText}; only the digest of a secret is kept. */
public final class DynamoKeys implements Keys {
  private static final String DIGEST = "secretSha256";
  private static final String TENANT = "tenant";
  private static final String ADMIN = "admin";
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
  public IssuedKey add(Tenant tenant, String note, boolean admin) {
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
                clock.instant().toString(),
                ADMIN,
                Boolean.toString(admin)));
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

  /**
   * Revokes a key for good, everywhere at once.
   *
   * @return false when there is no such key, or it was revoked before
   */
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
  public Optional<KeyHolder> holder(String presented) {
    return KeyText.parse(presented).flatMap(this::holder);
  }

  private Optional<KeyHolder> holder(KeyText key) {
    Optional<Map<String, AttributeValue>> item =
        table.get(key.id(), true).filter(found -> !found.containsKey(REVOKED));
    // Nobody's key takes as long as somebody's.
    byte[] expected =
        item.map(found -> HexFormat.of().parseHex(String.valueOf(value(found, DIGEST))))
            .orElse(KeyText.NOBODY.digest());
    boolean proven = MessageDigest.isEqual(expected, key.digest());
    return item.filter(found -> proven)
        .map(found -> new KeyHolder(new Tenant(value(found, TENANT)), admin(found)));
  }

  /** Keys of an earlier release do not say. */
  private static boolean admin(Map<String, AttributeValue> item) {
    AttributeValue admin = item.get(ADMIN);
    return admin != null && Boolean.parseBoolean(admin.s());
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
