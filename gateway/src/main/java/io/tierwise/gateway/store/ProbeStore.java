package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.router.drift.PinnedAnswers;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Each task's pinned texts and what asking them again has shown. Text and answer are sealed as the
 * corpus is.
 */
public final class ProbeStore {
  private final Database database;
  private final Clock clock;
  private final CorpusKey key;

  /**
   * @param corpus whose key seals the texts as well
   */
  public ProbeStore(Database database, Clock clock, CorpusStore corpus) {
    this.database = database;
    this.clock = clock;
    this.key = corpus.key();
  }

  /**
   * Where a task's probing stands.
   *
   * @param endpoint the large model's version when the texts were pinned
   * @param texts how many were
   * @param askedAt when the last round began
   * @param expiresAt when their time to live has passed
   */
  public record Pinned(
      String endpoint, int texts, PinnedAnswers state, Instant askedAt, Instant expiresAt) {}

  /** Empty before the first texts were pinned. */
  public Optional<Pinned> pinned(String task) {
    return database.read(connection ->
        Statements.first(
            connection,
            "SELECT endpoint, texts, state, asked_at, expires_at FROM probe_round WHERE task = ?",
            ProbeStore::pinned,
            task));
  }

  /** The pinned texts that are left; a tenant's are gone once it was erased. */
  public List<Probe> probes(String task) {
    return database.read(connection ->
        Statements.all(
            connection,
            "SELECT number, tenant, nonce, sealed FROM probe WHERE task = ? ORDER BY number",
            result -> probe(task, result),
            task));
  }

  /** Pins texts in place of those before. */
  public void pin(
      String task, String endpoint, List<Probe> probes, PinnedAnswers state, Duration timeToLive) {
    long now = clock.millis();
    database.write(
        Database.Durability.DURABLE,
        connection -> {
          Statements.update(connection, "DELETE FROM probe WHERE task = ?", task);
          for (int number = 0; number < probes.size(); number++) {
            Probe probe = probes.get(number);
            CorpusKey.Sealed sealed =
                key.seal(content(probe), context(task, probe.tenant().name(), number));
            Statements.update(
                connection,
                "INSERT INTO probe (task, number, tenant, nonce, sealed) VALUES (?, ?, ?, ?, ?)",
                task,
                number,
                probe.tenant().name(),
                sealed.nonce(),
                sealed.bytes());
          }
          return Statements.update(
              connection,
              "INSERT OR REPLACE INTO probe_round (task, endpoint, texts, state, expires_at,"
                  + " asked_at) VALUES (?, ?, ?, ?, ?, ?)",
              task,
              endpoint,
              probes.size(),
              StoredDrift.text(state),
              now + timeToLive.toMillis(),
              now);
        });
  }

  /**
   * Begins a round; of several processes one does.
   *
   * @param last when the round before began
   */
  public boolean begin(String task, Instant last) {
    return database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                    connection,
                    "UPDATE probe_round SET asked_at = ? WHERE task = ? AND asked_at = ?",
                    clock.millis(),
                    task,
                    last.toEpochMilli())
                > 0);
  }

  /**
   * Keeps what a round has shown.
   *
   * @param heard what it completed the evidence for; empty for nothing
   */
  public void advance(String task, PinnedAnswers state, Optional<NamedDrift> heard) {
    database.write(
        Database.Durability.DURABLE,
        connection -> {
          if (heard.isPresent()) {
            DriftStore.insert(connection, heard.get());
          }
          return Statements.update(
              connection,
              "UPDATE probe_round SET state = ? WHERE task = ?",
              StoredDrift.text(state),
              task);
        });
  }

  /**
   * Forgets a tenant's texts, in all tasks; what is left of a task's is pinned anew.
   *
   * @return how many there were
   */
  public int deleteTenant(Tenant tenant) {
    return database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(connection, "DELETE FROM probe WHERE tenant = ?", tenant.name()));
  }

  /** Deletes the texts whose time to live has passed. */
  public void deleteExpired() {
    database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection,
                "DELETE FROM probe WHERE task IN"
                    + " (SELECT task FROM probe_round WHERE expires_at <= ?)",
                clock.millis()));
  }

  private static Pinned pinned(ResultSet result) throws SQLException {
    return new Pinned(
        result.getString(1),
        result.getInt(2),
        StoredDrift.pinned(result.getString(3)),
        Instant.ofEpochMilli(result.getLong(4)),
        Instant.ofEpochMilli(result.getLong(5)));
  }

  private Probe probe(String task, ResultSet result) throws SQLException {
    String tenant = result.getString(2);
    CorpusKey.Sealed sealed = new CorpusKey.Sealed(result.getBytes(3), result.getBytes(4));
    byte[] content = key.open(sealed, context(task, tenant, result.getInt(1)));
    CorpusRow row = CorpusRow.of(new Tenant(tenant), task, false, Instant.EPOCH, null, content);
    return new Probe(row.tenant(), row.input(), row.label());
  }

  private static byte[] content(Probe probe) {
    return CorpusRow.content(probe.input(), probe.answer(), Distribution.certain(probe.answer()));
  }

  /** Binds a text to its place: moved to another tenant or task, it no longer opens. */
  private static byte[] context(String task, String tenant, int number) {
    return ("probe " + tenant.length() + ":" + tenant + task + "/" + number).getBytes(UTF_8);
  }
}
