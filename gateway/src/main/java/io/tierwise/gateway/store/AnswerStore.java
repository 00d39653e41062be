package io.tierwise.gateway.store;

import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exact cache on disk. The key says everything that an answer depends on, the tenant included;
 * tenant and task are kept beside it only to delete by.
 */
public final class AnswerStore implements Answers {
  private final Database database;
  private final Clock clock;
  private final KnownAnswers known;

  /** One that asks the file for every key, as it must where others write it. */
  public AnswerStore(Database database, Clock clock) {
    this(database, clock, false);
  }

  /**
   * @param alone whether nobody else puts answers into this file: then keys that are not there are
   *     known without asking it
   */
  public AnswerStore(Database database, Clock clock, boolean alone) {
    this.database = database;
    this.clock = clock;
    this.known = new KnownAnswers(database, alone);
  }

  /** The answer under this key, if there is one and its time to live has not passed. */
  @Override
  public Optional<StoredAnswer> get(String key) {
    return known.mayHave(key) ? read(key) : Optional.empty();
  }

  private Optional<StoredAnswer> read(String key) {
    return database.read(connection ->
        Statements.first(
            connection,
            "SELECT label, distribution, usage, version FROM answer"
                + " WHERE key = ? AND expires_at > ?",
            AnswerStore::answer,
            key,
            clock.millis()));
  }

  /** Keeps an answer, in place of an earlier one under the same key. */
  @Override
  public void put(
      String key, Tenant tenant, String task, StoredAnswer answer, Duration timeToLive) {
    long now = clock.millis();
    known.add(key);
    database.write(
        Database.Durability.RELAXED,
        connection ->
            Statements.update(
                connection,
                "INSERT OR REPLACE INTO answer (key, tenant, task, label, distribution, usage,"
                    + " version, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                key,
                tenant.name(),
                task,
                answer.label().value(),
                StoredJson.distribution(answer.distribution()),
                StoredJson.usage(answer.largeUsage()),
                answer.version(),
                now,
                now + timeToLive.toMillis()));
  }

  @Override
  public int delete(@Nullable Tenant tenant, @Nullable String task) {
    return database.write(
        Database.Durability.DURABLE,
        connection -> Statements.deleteOf(connection, "answer", tenant, task));
  }

  /**
   * Deletes what has expired, in all tasks, and the task's oldest answers above a number. Call it
   * now and then: a put does not look at how many there are.
   *
   * @return how many were deleted
   */
  @Override
  public int prune(String task, long maximumEntries) {
    return database.write(
        Database.Durability.RELAXED,
        connection -> {
          int expired =
              Statements.update(
                  connection, "DELETE FROM answer WHERE expires_at <= ?", clock.millis());
          return expired + pruneOldest(connection, task, maximumEntries);
        });
  }

  private static int pruneOldest(Connection connection, String task, long maximumEntries)
      throws SQLException {
    return Statements.update(
        connection,
        "DELETE FROM answer WHERE rowid IN (SELECT rowid FROM answer WHERE task = ?"
            + " ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET ?)",
        task,
        maximumEntries);
  }

  private static StoredAnswer answer(ResultSet result) throws SQLException {
    return new StoredAnswer(
        new Label(result.getString(1)),
        StoredJson.distribution(result.getString(2)),
        StoredJson.usage(result.getString(3)),
        result.getString(4));
  }
}
