package io.tierwise.gateway.store;

import java.time.Clock;
import java.time.Instant;

/** How much the embedded corpus holds. */
public final class CorpusCounts implements CorpusCount {
  private final Database database;
  private final Clock clock;

  public CorpusCounts(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
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
