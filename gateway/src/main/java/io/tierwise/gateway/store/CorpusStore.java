package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The corpus in the embedded store. Input, label and distribution are sealed (see {@link
 * CorpusKey}); tenant, task and times are not.
 */
public final class CorpusStore implements Corpus {
  private final Database database;
  private final Clock clock;
  private final CorpusKey key;

  private CorpusStore(Database database, Clock clock, CorpusKey key) {
    this.database = database;
    this.clock = clock;
    this.key = key;
  }

  /**
   * @param keyFile made here when the corpus has never been written to
   * @throws StoreException when the key file is missing, unusable, or another corpus's
   */
  public static CorpusStore open(
      Database database, Clock clock, Path keyFile, SecureRandom random) {
    Optional<byte[]> known = database.read(CorpusStore::fingerprint);
    CorpusKey key =
        known.isPresent()
            ? CorpusKey.read(keyFile, random)
            : CorpusKey.readOrCreate(keyFile, random);
    byte[] kept =
        known.orElseGet(() ->
            database.write(
                Database.Durability.DURABLE, connection -> keepFingerprint(connection, key)));
    if (!key.fits(kept)) {
      throw key.misfit();
    }
    CorpusStore corpus = new CorpusStore(database, clock, key);
    corpus.deleteExpired();
    return corpus;
  }

  /** What seals it, for what else holds texts. */
  CorpusKey key() {
    return key;
  }

  /** The key file's place in a data directory. */
  public static Path keyFile(Path dataDirectory) {
    return dataDirectory.resolve(CorpusKey.FILE);
  }

  @Override
  public void add(
      Tenant tenant,
      String task,
      Input input,
      Label label,
      Distribution distribution,
      boolean audited,
      Duration timeToLive,
      String requestId) {
    CorpusKey.Sealed sealed =
        key.seal(
            CorpusRow.content(input, label, distribution), context(tenant.name(), task, audited));
    long now = clock.millis();
    database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection,
                "INSERT INTO corpus (tenant, task, audited, nonce, sealed, created_at, expires_at,"
                    + " request_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                tenant.name(),
                task,
                audited ? 1 : 0,
                sealed.nonce(),
                sealed.bytes(),
                now,
                now + timeToLive.toMillis(),
                requestId));
  }

  @Override
  public List<CorpusRow> rows(String task, boolean audited, Instant after) {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT tenant, task, audited, nonce, sealed, created_at, request_id FROM corpus"
                + " WHERE task = ? AND audited = ? AND expires_at > ? AND created_at > ?"
                + " ORDER BY sequence",
            this::row,
            task,
            audited ? 1 : 0,
            clock.millis(),
            after.toEpochMilli()));
  }

  @Override
  public int count(String task, boolean audited, Instant after) {
    return new CorpusCounts(database, clock).count(task, audited, after);
  }

  @Override
  public int deleteTenant(Tenant tenant) {
    return database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(connection, "DELETE FROM corpus WHERE tenant = ?", tenant.name()));
  }

  /**
   * Deletes the rows whose time to live has passed. Done on opening; call it now and then.
   *
   * @return how many there were
   */
  public int deleteExpired() {
    return database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection, "DELETE FROM corpus WHERE expires_at <= ?", clock.millis()));
  }

  private CorpusRow row(ResultSet result) throws SQLException {
    String tenant = result.getString(1);
    String task = result.getString(2);
    boolean audited = result.getInt(3) != 0;
    CorpusKey.Sealed sealed = new CorpusKey.Sealed(result.getBytes(4), result.getBytes(5));
    return CorpusRow.of(
        new Tenant(tenant),
        task,
        audited,
        Instant.ofEpochMilli(result.getLong(6)),
        result.getString(7),
        key.open(sealed, context(tenant, task, audited)));
  }

  /** Binds a row to its place: moved to another tenant, task or kind, it no longer opens. */
  private static byte[] context(String tenant, String task, boolean audited) {
    return (tenant.length() + ":" + tenant + task.length() + ":" + task + (audited ? "a" : "t"))
        .getBytes(UTF_8);
  }

  private static Optional<byte[]> fingerprint(Connection connection) throws SQLException {
    return Statements.first(
        connection, "SELECT fingerprint FROM corpus_key", result -> result.getBytes(1));
  }

  private static byte[] keepFingerprint(Connection connection, CorpusKey key) throws SQLException {
    Statements.update(
        connection,
        "INSERT INTO corpus_key (single, fingerprint) VALUES (1, ?) ON CONFLICT DO NOTHING",
        key.fingerprint());
    return fingerprint(connection).orElseThrow();
  }
}
