package io.tierwise.gateway.store;

import java.time.Clock;
import java.time.Instant;

/** How much the corpus holds; needs no key. */
public final class CorpusCounts {
  private final Database database;
  private final Clock clock;

  public CorpusCounts(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * The task's rows whose time to live has not passed.
   *
   * @param audited which of the two kinds
   * @param after only those added after this moment
   */
  public int count(String task, boolean audited, Instant after) {
    return database.read(connection ->
        Statements.first(
                connection,
                "SELECT count(*) FROM corpus"
                    + " WHERE task = ? AND audited = ? AND expires_at > ? AND created_at > ?",
                result -> result.getInt(1),
                task,
                audited ? 1 : 0,
                clock.millis(),
                after.toEpochMilli())
            .orElse(0));
  }
}
