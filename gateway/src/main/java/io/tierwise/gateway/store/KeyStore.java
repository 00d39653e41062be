package io.tierwise.gateway.store;

import io.tierwise.router.request.Tenant;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The API keys, in the form of {@link KeyText}. Only the SHA-256 of a secret is kept. A caller's
 * key belongs to a tenant and asks for answers; an administrator's opens the console and asks
 * nothing.
 */
public final class KeyStore implements ManagedKeys {
  /** Compared with when there is no such key, so that both cases take one comparison. */
  private static final byte[] NOBODY = new byte[32];

  private final Database database;
  private final Clock clock;
  private final SecureRandom random;

  public KeyStore(Database database, Clock clock, SecureRandom random) {
    this.database = database;
    this.clock = clock;
    this.random = random;
  }

  /** Issues a caller's key. Its secret is in the answer and nowhere else. */
  @Override
  public IssuedKey add(Tenant tenant, String note) {
    return add(tenant.name(), note, false);
  }

  /** Issues an administrator's key. */
  public IssuedKey addAdmin(String note) {
    return add(KeyRow.NOBODY, note, true);
  }

  private IssuedKey add(String tenant, String note, boolean admin) {
    KeyText key = KeyText.draw(random);
    database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                connection,
                "INSERT INTO api_key (id, tenant, note, secret_sha256, created_at, admin)"
                    + " VALUES (?, ?, ?, ?, ?, ?)",
                key.id(),
                tenant,
                note,
                key.digest(),
                clock.millis(),
                admin ? 1 : 0));
    return new IssuedKey(key.id(), key.toString());
  }

  @Override
  public List<KeyRow> list() {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT id, tenant, note, created_at, revoked_at, admin FROM api_key"
                + " ORDER BY created_at, rowid",
            KeyStore::row));
  }

  @Override
  public boolean revoke(String id) {
    return database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                    connection,
                    "UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                    clock.millis(),
                    id)
                > 0);
  }

  /** Who presents this key; empty when it is malformed, unknown, wrong or revoked. */
  @Override
  public Optional<Tenant> authenticate(String presented) {
    return KeyText.parse(presented).flatMap(key -> holder(key, false)).map(Tenant::new);
  }

  /** Whether an administrator presents this key. */
  public boolean isAdmin(String presented) {
    return KeyText.parse(presented).flatMap(key -> holder(key, true)).isPresent();
  }

  /** Whose key of this kind it is. */
  private Optional<String> holder(KeyText key, boolean admin) {
    Optional<Holder> holder =
        database.read(connection ->
            Statements.first(
                connection,
                "SELECT tenant, secret_sha256 FROM api_key"
                    + " WHERE id = ? AND revoked_at IS NULL AND admin = ?",
                result -> new Holder(result.getString(1), result.getBytes(2)),
                key.id(),
                admin ? 1 : 0));
    byte[] expected = holder.map(Holder::digest).orElse(NOBODY);
    boolean proven = MessageDigest.isEqual(expected, key.digest());
    return holder.filter(found -> proven).map(Holder::tenant);
  }

  /** Whether no caller's key was ever issued. */
  @Override
  public boolean isEmpty() {
    return database.read(connection ->
        Statements.first(
                connection,
                "SELECT 1 FROM api_key WHERE admin = 0 LIMIT 1",
                result -> result.getInt(1))
            .isEmpty());
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Holder(String tenant, byte[] digest) {}

  private static KeyRow row(ResultSet result) throws SQLException {
    long revoked = result.getLong(5);
    Instant revokedAt = result.wasNull() ? null : Instant.ofEpochMilli(revoked);
    return new KeyRow(
        result.getString(1),
        result.getString(2),
        result.getString(3),
        Instant.ofEpochMilli(result.getLong(4)),
        revokedAt,
        result.getInt(6) != 0);
  }
}
