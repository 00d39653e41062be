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

/** The API keys, in the form of {@link KeyText}. Only the SHA-256 of a secret is kept. */
public final class KeyStore implements Keys {
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

  @Override
  public IssuedKey add(Tenant tenant, String note, boolean admin) {
    KeyText key = KeyText.draw(random);
    database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                connection,
                "INSERT INTO api_key (id, tenant, note, secret_sha256, created_at, admin)"
                    + " VALUES (?, ?, ?, ?, ?, ?)",
                key.id(),
                tenant.name(),
                note,
                key.digest(),
                clock.millis(),
                admin ? 1 : 0));
    return new IssuedKey(key.id(), key.toString());
  }

  /** Every key ever issued, oldest first, revoked ones included. */
  public List<KeyRow> list() {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT id, tenant, note, created_at, revoked_at, admin FROM api_key"
                + " ORDER BY created_at, rowid",
            KeyStore::row));
  }

  /**
   * @return false when there is no such key, or it was revoked before
   */
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

  @Override
  public Optional<KeyHolder> holder(String presented) {
    return KeyText.parse(presented).flatMap(this::holder);
  }

  private Optional<KeyHolder> holder(KeyText key) {
    Optional<Kept> kept =
        database.read(connection ->
            Statements.first(
                connection,
                "SELECT tenant, admin, secret_sha256 FROM api_key"
                    + " WHERE id = ? AND revoked_at IS NULL",
                result ->
                    new Kept(
                        new KeyHolder(new Tenant(result.getString(1)), result.getInt(2) != 0),
                        result.getBytes(3)),
                key.id()));
    byte[] expected = kept.map(Kept::digest).orElse(NOBODY);
    boolean proven = MessageDigest.isEqual(expected, key.digest());
    return kept.filter(found -> proven).map(Kept::holder);
  }

  /** Whether no key was ever issued. */
  @Override
  public boolean isEmpty() {
    return database.read(connection ->
        Statements.first(connection, "SELECT 1 FROM api_key LIMIT 1", result -> result.getInt(1))
            .isEmpty());
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Kept(KeyHolder holder, byte[] digest) {}

  private static KeyRow row(ResultSet result) throws SQLException {
    long revoked = result.getLong(5);
    Instant revokedAt = result.wasNull() ? null : Instant.ofEpochMilli(revoked);
    return new KeyRow(
        result.getString(1),
        new Tenant(result.getString(2)),
        result.getString(3),
        Instant.ofEpochMilli(result.getLong(4)),
        revokedAt,
        result.getInt(6) != 0);
  }
}
