package io.tierwise.gateway.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The gates of the embedded store. A move survives the loss of power. */
final class GateTable implements GateLog {
  private static final String MOVES =
      "SELECT at, task, mode, artifact, certificate, reason, sequence FROM gate_move"
          + " WHERE task = ? ORDER BY sequence";

  private final Database database;

  GateTable(Database database) {
    this.database = database;
  }

  @Override
  public Head head(String task) {
    return database.read(connection -> head(connection, task));
  }

  private static Head head(Connection connection, String task) throws SQLException {
    @Nullable Alarm alarm = Alarms.last(connection, task).orElse(null);
    return Statements.first(
            connection,
            MOVES + " DESC LIMIT 1",
            result -> new Head(result.getLong(7), move(result), alarm),
            task)
        .orElseGet(() -> new Head(0, null, alarm));
  }

  @Override
  public boolean append(GateMove move, @Nullable Alarm alarm, long revision) {
    return database.write(
        Database.Durability.DURABLE,
        connection -> {
          if (head(connection, move.task()).revision() != revision) {
            return false;
          }
          if (alarm != null) {
            Alarms.insert(connection, alarm);
          }
          Statements.update(
              connection,
              "INSERT INTO gate_move (task, mode, artifact, certificate, reason, at)"
                  + " VALUES (?, ?, ?, ?, ?, ?)",
              move.task(),
              move.mode().text(),
              move.artifact(),
              move.certificate(),
              move.reason(),
              move.at().toEpochMilli());
          return true;
        });
  }

  @Override
  public List<GateMove> moves(String task) {
    return database.read(connection -> Statements.all(connection, MOVES, GateTable::move, task));
  }

  private static GateMove move(ResultSet result) throws SQLException {
    return new GateMove(
        Instant.ofEpochMilli(result.getLong(1)),
        result.getString(2),
        GateMove.Mode.of(result.getString(3)),
        result.getString(4),
        result.getString(5),
        result.getString(6));
  }
}
