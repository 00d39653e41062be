package io.tierwise.gateway.store;

import io.tierwise.gateway.store.TrainingRun.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every run of every task's training job, with what came of it. */
public final class TrainingRuns {
  private static final String SELECT =
      "SELECT sequence, task, reason, started_at, ended_at, outcome, detail, artifact"
          + " FROM training_run WHERE task = ?";

  private final Database database;
  private final Clock clock;

  public TrainingRuns(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Notes that a run begins; only who holds the task's lock may. A run that still counts as running
   * has then been killed.
   *
   * @return its number
   */
  public long begin(String task, String reason) {
    settleKilled(task);
    return database.write(
        Database.Durability.DURABLE,
        connection -> {
          Statements.update(
              connection,
              "INSERT INTO training_run (task, reason, started_at, outcome, detail)"
                  + " VALUES (?, ?, ?, 'running', '')",
              task,
              reason,
              clock.millis());
          return Statements.first(
                  connection, "SELECT last_insert_rowid()", result -> result.getLong(1))
              .orElseThrow();
        });
  }

  /** Notes how it ended. */
  public void end(long number, Outcome outcome, String detail, @Nullable String artifact) {
    database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                connection,
                "UPDATE training_run SET ended_at = ?, outcome = ?, detail = ?, artifact = ?"
                    + " WHERE sequence = ? AND outcome = 'running'",
                clock.millis(),
                outcome.text(),
                detail,
                artifact,
                number));
  }

  /**
   * Notes of runs that never said how they ended that they were killed; only for a task whose lock
   * nobody else holds.
   *
   * @return how many there were
   */
  public int settleKilled(String task) {
    return database.write(
        Database.Durability.DURABLE,
        connection ->
            Statements.update(
                connection,
                "UPDATE training_run SET ended_at = ?, outcome = 'killed',"
                    + " detail = 'its process ended in the middle'"
                    + " WHERE task = ? AND outcome = 'running'",
                clock.millis(),
                task));
  }

  /** The last runs of a task, newest first. */
  public List<TrainingRun> last(String task, int most) {
    return database.read(connection ->
        Statements.all(
            connection, SELECT + " ORDER BY sequence DESC LIMIT ?", TrainingRuns::run, task, most));
  }

  /** The last run of a task. */
  public Optional<TrainingRun> last(String task) {
    return last(task, 1).stream().findFirst();
  }

  /** The last run of a task that failed or was killed. */
  public Optional<TrainingRun> lastTrouble(String task) {
    return database.read(connection ->
        Statements.first(
            connection,
            SELECT + " AND outcome IN ('failed', 'killed') ORDER BY sequence DESC LIMIT 1",
            TrainingRuns::run,
            task));
  }

  private static TrainingRun run(ResultSet result) throws SQLException {
    long ended = result.getLong(5);
    return new TrainingRun(
        result.getLong(1),
        result.getString(2),
        result.getString(3),
        Instant.ofEpochMilli(result.getLong(4)),
        ended == 0 ? null : Instant.ofEpochMilli(ended),
        Outcome.of(result.getString(6)),
        result.getString(7),
        result.getString(8));
  }
}
